import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { isZone, localToInstant, nextCron, parseCron } from '#libs/calendar';
import type { Cron } from '#libs/calendar';
import { LaunchError } from '../errors.js';

interface NextOptions {
  zone: string;
  from?: string;
  count: number;
}

const MAX_COUNT = 10_000;
const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::00)?)?$/;

/** Prints when a schedule fires next, an ISO instant with its offset a line. */
function next(text: string, { zone, from, count }: NextOptions): void {
  if (!isZone(zone))
    throw new LaunchError(`There is no time zone "${zone}"; write an IANA name such as Europe/Rome.`);
  const parsed = parseCron(text);
  if (!parsed.ok) throw new LaunchError(parsed.error);
  const start = from === undefined ? Date.now() : instantOf(from, zone);
  const lines = firings(parsed.cron, zone, start, count).map((at) => withOffset(at, zone));
  if (lines.length === 0) throw new LaunchError(`"${text}" never fires: no date has all it asks for.`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function firings(cron: Cron, zone: string, from: number, count: number): number[] {
  const found: number[] = [];
  for (let at: number | null = from; found.length < count;) {
    at = nextCron(cron, zone, at);
    if (at === null) break;
    found.push(at);
  }
  return found;
}

/** An instant with Z or an offset, or a local date and time of the zone. */
function instantOf(text: string, zone: string): number {
  try {
    const [, date, time] = LOCAL.exec(text) ?? [];
    return date === undefined
      ? Temporal.Instant.from(text).epochMilliseconds
      : localToInstant(date, time ?? '00:00', zone);
  } catch (error) {
    throw new LaunchError(`"${text}" is no instant such as 2026-03-29T00:00:00+01:00.`, { cause: error });
  }
}

const withOffset = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ timeZone: zone });

function toCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MAX_COUNT}.`);
}

/** `laurel schedule next`: when a cron expression fires, without a server. */
export function registerSchedule(program: Command): void {
  program
    .command('schedule')
    .description('questions about schedules, answered without a server')
    .command('next')
    .description('when a schedule fires next, strictly after an instant')
    .argument('<cron>', 'five fields, for example "0 9 * * MON"')
    .option('--zone <zone>', 'the IANA time zone it is meant in', 'UTC')
    .option('--from <instant>', 'look from here on, for example 2026-03-29T00:00:00+01:00; now unless given')
    .option('--count <n>', 'how many', toCount, 1)
    .action(next);
}
