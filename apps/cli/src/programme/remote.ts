import { Option } from 'commander';
import type { Command } from 'commander';
import { Api, ApiError } from '../client/api.js';
import { LaunchError } from '../errors.js';
import { DEFAULT_PORTS } from '../suite/ports.js';

/** How a command reaches the engagement service. */
export interface Remote {
  url: string;
  key: string;
}

/** Adds --url and --key. */
export const reaching = (command: Command): Command =>
  command
    .option('--url <url>', 'the engagement service', `http://127.0.0.1:${DEFAULT_PORTS.engagement}`)
    .addOption(new Option('--key <key>', 'an API key').env('LAUREL_KEY').makeOptionMandatory());

/** Asks the service; what it refuses is told as a list that can be mended. */
export async function withApi<T>({ url, key }: Remote, work: (api: Api) => Promise<T>): Promise<T> {
  if (!URL.canParse(url)) throw new LaunchError(`"${url}" is no address such as http://127.0.0.1:4020.`);
  const api = new Api(url, key);
  try {
    return await work(api);
  } catch (error) {
    if (error instanceof ApiError) throw new LaunchError(refusalOf(error));
    throw error instanceof Error && 'code' in error
      ? new LaunchError(`${url} cannot be reached: ${error.message}`, { cause: error })
      : error;
  } finally {
    await api.close();
  }
}

function refusalOf({ message, problem }: ApiError): string {
  try {
    const { detail, errors = [] } = JSON.parse(problem) as {
      detail: string;
      errors?: { path: string; message: string }[];
    };
    return [
      detail,
      ...errors.map(
        (error) => `  ${error.message.includes(':') ? error.message : `${error.path}: ${error.message}`}`,
      ),
    ].join('\n');
  } catch {
    return message;
  }
}
