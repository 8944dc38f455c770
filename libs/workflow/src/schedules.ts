import { cronBetween, nextCron, parseCron, parseDuration, roughLength } from '#libs/calendar';
import type { Cron } from '#libs/calendar';
import type { Definition } from './definition.js';
import { triggersOf } from './starts.js';
import type { ScheduleConfig } from './triggers/schedule.js';

/** One firing of a schedule: `nominal` is the instant (epoch ms) it was due; zone and nominal make it unique. */
export interface Firing {
  trigger: number;
  zone: string;
  nominal: number;
  key: string;
}

/** The stretch to look at, half-open to the left: firings in (after, until], seen from `now`. */
export interface FiringsAsk {
  after: number;
  until: number;
  now: number;
  /** The zones people live in, for schedules in the recipient's zone. */
  zones: readonly string[];
  /** For schedules that name no zone. */
  programmeZone: string;
}

const DEFAULT_MAX_AGE = '2h';
// A firing later than this counts as missed; a driver that ticks every few seconds never reaches it.
const ON_TIME_MS = 60_000;
// Two hours of every minute are 120; this only bounds a hand-written max_age of months.
const MAX_FIRINGS = 10_000;

interface Scheduled {
  trigger: number;
  config: ScheduleConfig;
  cron: Cron;
}

/**
 * The firings due in a stretch, oldest first. Those older than max_age (default 2h) are dropped. Of the rest `last` (the default)
 * makes up the latest one per zone, `all` every one, and `skip` only those not yet a minute late.
 */
export function scheduleFirings(definition: Definition, ask: FiringsAsk): Firing[] {
  const firings = schedulesOf(definition).flatMap((s) =>
    zonesOf(s, ask).flatMap((zone) => firingsIn(s, zone, ask)),
  );
  return firings.sort((a, b) => a.nominal - b.nominal);
}

function firingsIn({ trigger, config, cron }: Scheduled, zone: string, ask: FiringsAsk): Firing[] {
  const oldest = ask.now - maxAge(config) - 1;
  const due = cronBetween(cron, zone, Math.max(ask.after, oldest), Math.min(ask.until, ask.now), MAX_FIRINGS);
  return keep(due, config.misfire ?? 'last', ask.now).map((nominal) => ({
    trigger,
    zone,
    nominal,
    key: `${zone}:${nominal}`,
  }));
}

function keep(due: number[], misfire: 'last' | 'all' | 'skip', now: number): number[] {
  if (misfire === 'all') return due;
  return misfire === 'last' ? due.slice(-1) : due.filter((nominal) => now - nominal < ON_TIME_MS);
}

/** The next nominal instant of any schedule strictly after an instant, or null without schedules. */
export function nextScheduled(
  definition: Definition,
  zones: readonly string[],
  after: number,
  programmeZone: string,
): number | null {
  const all = schedulesOf(definition).flatMap((s) =>
    zonesOf(s, { zones, programmeZone }).map((zone) => nextCron(s.cron, zone, after)),
  );
  const times = all.filter((t) => t !== null);
  return times.length === 0 ? null : Math.min(...times);
}

function schedulesOf(definition: Definition): Scheduled[] {
  return triggersOf(definition).flatMap(({ kind, config }, trigger) => {
    if (kind !== 'schedule') return [];
    const parsed = parseCron((config as ScheduleConfig).schedule);
    return parsed.ok ? [{ trigger, config: config as ScheduleConfig, cron: parsed.cron }] : [];
  });
}

function zonesOf(
  { config }: Scheduled,
  { zones, programmeZone }: { zones: readonly string[]; programmeZone: string },
): readonly string[] {
  if (config.zone === 'recipient') return [...new Set(zones)];
  return [config.zone ?? programmeZone];
}

function maxAge(config: ScheduleConfig): number {
  const parsed = parseDuration(config.max_age ?? DEFAULT_MAX_AGE);
  return parsed.ok ? roughLength(parsed.duration) : 0;
}
