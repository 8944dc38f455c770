import { Option } from 'commander';
import type { Command } from 'commander';
import { Api, ApiError } from '../client/api.js';
import { SuiteClock } from '../client/clock.js';
import { LaunchError } from '../errors.js';
import { DEFAULT_PORTS, SERVICES } from '../suite/ports.js';

interface ClockOptions {
  key: string;
  to?: string;
  url?: string[];
}

/** Moves the clock and prints where it stands: one ISO instant. */
async function moveClock({ key, to, url }: ClockOptions): Promise<void> {
  const apis = (url ?? SERVICES.map((name) => `http://127.0.0.1:${DEFAULT_PORTS[name]}`)).map(
    (address) => new Api(address, key),
  );
  try {
    const { mode, now } = await apis[0]!.get<{ mode: string; now: string }>('/clock');
    if (mode !== 'virtual')
      throw new LaunchError(
        'This suite runs on system time; only the clock of the demo and of tests can be moved.',
      );
    if (to !== undefined && instantOf(to) < new Date(now))
      throw new LaunchError(`The clock stands at ${now} already; it only moves on.`);
    const clock = new SuiteClock(apis, new Date(now));
    await (to === undefined ? clock.next() : clock.advanceTo(instantOf(to)).then(() => clock.quiet()));
    process.stdout.write(`${clock.now.toISOString()}\n`);
  } catch (error) {
    if (error instanceof ApiError) throw new LaunchError(error.message);
    throw error;
  } finally {
    await Promise.all(apis.map((api) => api.close()));
  }
}

function instantOf(text: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new LaunchError(`"${text}" is not an instant such as 2026-03-30T09:00:00+02:00.`);
}

/** `laurel clock`: moves a suite on virtual time (tests and the demo) to its next due moment, or to an instant. */
export function registerClock(program: Command): void {
  program
    .command('clock')
    .description(
      'move the virtual clock of all three services to the next due moment and wait until all is quiet',
    )
    .addOption(new Option('--key <key>', 'an admin key').env('LAUREL_KEY').makeOptionMandatory())
    .option('--to <instant>', 'move on to this instant, by way of everything due before it')
    .option('--url <url...>', 'addresses of the services')
    .action(moveClock);
}
