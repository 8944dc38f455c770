import type { Command } from 'commander';
import { LaunchError } from '../errors.js';
import { statusOf } from '../suite/http.js';

async function health(url: string): Promise<void> {
  const status = await statusOf(url);
  if (status !== 200) throw new LaunchError(status ? `${url} answered ${status}` : `${url} does not answer`);
}

/** `laurel health <url>`: for health checks in images that have neither curl nor wget. */
export function registerHealth(program: Command): void {
  program
    .command('health')
    .argument('<url>')
    .description('exit with 0 when the address answers 200')
    .action(health);
}
