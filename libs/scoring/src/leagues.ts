import { z } from 'zod';
import { graceSchema, zoneSchema } from './boards.js';

/** A league: groups of about equally active people for a week each, of which some go up a tier and some down. */
export const leagueSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    name: z.string().min(1),
    metric: z.string().min(1),
    /** From the lowest to the highest. */
    tiers: z.array(z.string().min(1)).min(2).max(20),
    /** About how many people a group has: not under two thirds and not over four thirds of it, when there are enough. */
    size: z.int().min(6).max(100).default(30),
    promote: z.int().min(1).default(5),
    demote: z.int().min(0).default(5),
    /** Only people for whom this holds. */
    for: z.string().min(1).optional(),
    zone: zoneSchema,
    grace: graceSchema,
  })
  .refine(({ promote, demote, size }) => promote + demote <= (2 * size) / 3, {
    path: ['promote'],
    error: 'too many would move: "promote" and "demote" together are at most two thirds of "size"',
  });
export const leaguesSchema = z.array(leagueSchema);
export type League = z.infer<typeof leagueSchema>;

/** Somebody to be put into a group: the tier they are in (0 is the lowest) and how active they have been. */
export interface Matchable {
  personId: string;
  tier: number;
  activity: number;
}

/** Where somebody plays; groups count from 0 over all tiers. */
export interface Matched extends Matchable {
  group: number;
}

/**
 * Puts everybody into exactly one group, beside people of their tier who are about as active. Tiers too small for a group of their own
 * play with the next one. The same people and seed give the same groups, in whatever order they come.
 */
export function matchGroups(people: readonly Matchable[], size: number, seed: string): Matched[] {
  const matched: Matched[] = [];
  let group = 0;
  for (const pool of poolsOf(people, (2 * size) / 3)) {
    const sorted = [...pool].sort(
      (a, b) =>
        b.activity - a.activity ||
        mixed(seed, a.personId) - mixed(seed, b.personId) ||
        (a.personId < b.personId ? -1 : 1),
    );
    const count = Math.max(1, Math.round(sorted.length / size), Math.ceil((3 * sorted.length) / (4 * size)));
    sorted.forEach((person, index) =>
      matched.push({ ...person, group: group + Math.floor((index * count) / sorted.length) }),
    );
    group += count;
  }
  return matched;
}

/** A group that plays already, with how many are in it and the tier most of them are in. */
export interface PlayingGroup {
  group: number;
  people: number;
  tier: number;
}

/**
 * Newcomers within a week: enough of them for a group are matched among themselves, a few sit down where fewest play, of their own tier
 * if they can. New groups have the next numbers.
 */
export function seatNewcomers(
  people: readonly Matchable[],
  groups: readonly PlayingGroup[],
  { size, seed }: { size: number; seed: string },
): Matched[] {
  if (people.length >= (2 * size) / 3)
    return matchGroups(people, size, seed).map((one) => ({ ...one, group: one.group + groups.length }));
  const seats = groups.map((group) => ({ ...group }));
  return [...people]
    .sort((a, b) => (a.personId < b.personId ? -1 : 1))
    .map((person) => ({ ...person, group: seatOf(person, seats, size) }));
}

function seatOf({ tier }: Matchable, seats: PlayingGroup[], size: number): number {
  const free = seats.filter(({ people }) => people < Math.floor((4 * size) / 3));
  const own = free.filter((seat) => seat.tier === tier);
  const fewest = [...(own.length > 0 ? own : free)].sort((a, b) => a.people - b.people)[0];
  const seat = fewest ?? { group: seats.length, people: 0, tier };
  if (!fewest) seats.push(seat);
  seat.people++;
  return seat.group;
}

/** Highest tier first; what is too small is joined with what comes after it, the last with what came before. */
function poolsOf(people: readonly Matchable[], least: number): Matchable[][] {
  const pools: Matchable[][] = [];
  let pool: Matchable[] = [];
  const tiers = [...new Set(people.map(({ tier }) => tier))].sort((a, b) => b - a);
  for (const tier of tiers) {
    pool.push(...people.filter((person) => person.tier === tier));
    if (pool.length < least) continue;
    pools.push(pool);
    pool = [];
  }
  const last = pools.at(-1);
  if (pool.length > 0 && last) last.push(...pool);
  else if (pool.length > 0) pools.push(pool);
  return pools;
}

/** FNV-1a with a final mix: equals are not always in the order of their ids. */
function mixed(seed: string, text: string): number {
  let hash = 0x811c9dc5;
  for (const sign of seed + text) hash = Math.imul(hash ^ sign.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Somebody's result in their group; `place` counts from 1, equals included, and decides who moves. */
export interface Finisher {
  personId: string;
  tier: number;
  place: number;
  score: number;
}

export type LeagueOutcome = 'promoted' | 'stayed' | 'demoted';

/**
 * What becomes of the people of one group. Only who has scored goes up; in a group too small for both, fewer move, in proportion, so
 * that nobody goes both ways. Nobody leaves the highest tier upwards or the lowest downwards.
 */
export function outcomesOf(
  group: readonly Finisher[],
  { tiers, promote, demote, size }: Pick<League, 'tiers' | 'promote' | 'demote' | 'size'>,
): (Finisher & { outcome: LeagueOutcome; nextTier: number })[] {
  const share = Math.min(1, group.length / ((2 * size) / 3));
  const up = Math.min(Math.max(1, Math.floor(promote * share)), group.length);
  const down = Math.floor(demote * share);
  return group.map((one) => {
    const rises = one.place <= up && one.score > 0 && one.tier < tiers.length - 1;
    const falls = one.place > up && one.place > group.length - down && one.tier > 0;
    const outcome = rises ? 'promoted' : falls ? 'demoted' : 'stayed';
    return { ...one, outcome, nextTier: Math.min(one.tier + (rises ? 1 : falls ? -1 : 0), tiers.length - 1) };
  });
}
