import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cronBetween, localDate, localTime, localToInstant, nextWait, parseCron } from '#libs/calendar';
import type { Cron } from '#libs/calendar';

/** One transition: local times [from, to) do not exist (gap) or exist twice (overlap); `first` is the instant of `from`. */
interface Transition {
  zone: string;
  kind: 'gap' | 'overlap';
  from: number;
  to: number;
  first: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const transitions = read();

describe(`${transitions.length} transitions of every zone, 2000 to 2040, as the tz database has them`, () => {
  it('cover every zone this runtime knows', () => {
    const zones = new Set(readZones());
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !zones.has(zone))).toEqual([]);
    expect(transitions.length).toBeGreaterThan(10_000);
  });

  it('turn a local time that does not exist into the next valid minute', () => {
    const wrong = gaps().filter((gap) =>
      probes(gap).some((local) => instantOf(local, gap.zone) !== gap.first),
    );
    expect(wrong).toEqual([]);
  });

  it('turn a local time that exists twice into the first of the two', () => {
    const wrong = overlaps().filter((twice) =>
      probes(twice).some((local) => instantOf(local, twice.zone) !== twice.first + (local - twice.from)),
    );
    expect(wrong).toEqual([]);
  });

  it('leave the minutes beside them alone', () => {
    const wrong = transitions.filter(({ zone, from, to }) =>
      [from - MINUTE, to].some((local) => wallOf(instantOf(local, zone), zone) !== wall(local)),
    );
    expect(wrong).toEqual([]);
  });

  it('make a daily schedule fire once for the local time they touch', () => {
    const wrong = transitions.filter((transition) => {
      const { zone, from } = transition;
      const expected = transition.first;
      const around = firings(daily(from), zone, expected);
      return around.length !== 1 || around[0] !== expected;
    });
    expect(wrong).toEqual([]);
  });

  it('make an hourly schedule fire once per hour of the wall clock', () => {
    const hourly = cron('0 * * * *');
    const wrong = transitions.filter(({ zone, first }) => {
      const fired = cronBetween(hourly, zone, first - DAY, first + DAY, 100);
      return (
        new Set(fired).size !== fired.length ||
        new Set(fired.map((at) => wallOf(at, zone))).size !== fired.length
      );
    });
    expect(wrong).toEqual([]);
  });

  it('end a wait "1d at that time" once, at the rule\'s instant', () => {
    const wrong = transitions.filter(({ zone, from, first }) => {
      const calendar = { zone, workingDays: [1, 2, 3, 4, 5, 6, 7], holidays: [] };
      const start = instantOf(from - DAY, zone);
      if (localDate(start, zone) !== wall(from - DAY).slice(0, 10)) return false; // a day that was skipped whole
      const wait = { from: start, for: { months: 0, days: 1, ms: 0 }, at: wall(from).slice(11), calendar };
      return nextWait(wait) !== first;
    });
    expect(wrong).toEqual([]);
  });
});

function read(): Transition[] {
  let zones: string[] = [];
  return lines().flatMap((line): Transition[] => {
    const [kind, ...columns] = line.split('\t');
    if (kind === 'zones') zones = columns[0]!.split(' ');
    if (kind !== 'gap' && kind !== 'overlap') return [];
    const [from = 0, to = 0, first = 0] = columns.map((text) =>
      Date.parse(text.endsWith('Z') ? text : `${text}Z`),
    );
    return zones.map((zone) => ({ zone, kind, from, to, first }));
  });
}

function readZones(): string[] {
  return lines().flatMap((line) => (line.startsWith('zones\t') ? line.slice(6).split(' ') : []));
}

function lines(): string[] {
  return readFileSync(new URL('./zones-2000-2040.tsv', import.meta.url), 'utf8').split('\n');
}

const gaps = (): Transition[] => transitions.filter(({ kind }) => kind === 'gap');
const overlaps = (): Transition[] => transitions.filter(({ kind }) => kind === 'overlap');

/** The first, a middle and the last minute of the local times a transition touches. */
function probes({ from, to }: Transition): number[] {
  const middle = from + Math.floor((to - from) / 2 / MINUTE) * MINUTE;
  return [from, middle, to - MINUTE];
}

const wall = (local: number): string => new Date(local).toISOString().slice(0, 16);
const wallOf = (instant: number, zone: string): string =>
  `${localDate(instant, zone)}T${localTime(instant, zone)}`;

function instantOf(local: number, zone: string): number {
  const [date = '', time = ''] = wall(local).split('T');
  return localToInstant(date, time, zone);
}

function daily(local: number): Cron {
  const [hour, minute] = wall(local).slice(11).split(':').map(Number);
  return cron(`${minute} ${hour} * * *`);
}

function cron(text: string): Cron {
  const parsed = parseCron(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.cron;
}

/** The firings within half a day of an instant: of a daily schedule there is one, whatever the clocks do. */
function firings(schedule: Cron, zone: string, around: number): number[] {
  return cronBetween(schedule, zone, around - 11 * HOUR, around + 11 * HOUR, 10);
}
