import type { Group, TeamFigures } from './supply.query.js';

const DAY_MS = 86_400_000;
/** With fewer, one good or bad post decides. */
const FEWEST_POSTS = 3;

/** Somebody has been without anything new for so many whole days. */
export interface Dry extends Group {
  days: number;
}

/** A team that is shown too much, or shares ever less. */
export interface Tired {
  team: string;
  figure: number;
}

/** Those whose last new post lies `limit` days back, or more; who had none since `from` is counted from there. */
export function dryGroups(
  groups: readonly (Group & { at: Date | null })[],
  { from, now, limit }: { from: Date; now: Date; limit: number },
): Dry[] {
  return groups
    .map(({ groupBy, name, at }) => ({
      groupBy,
      name,
      days: Math.floor((now.getTime() - (at ?? from).getTime()) / DAY_MS),
    }))
    .filter(({ days }) => days >= limit);
}

/** Teams that were shown more than `limit`. */
export const crowdedTeams = (week: readonly TeamFigures[], limit: number): Tired[] =>
  week.filter(({ posts }) => posts > limit).map(({ team, posts }) => ({ team, figure: posts }));

/** Teams whose shares for each post are, in per cent of the time before, at most `limit`. */
export function fallingTeams(
  recent: readonly TeamFigures[],
  before: readonly TeamFigures[],
  limit: number,
): Tired[] {
  const earlier = new Map(before.map((figures) => [figures.team, figures]));
  return recent.flatMap((figures) => {
    const then = earlier.get(figures.team);
    if (!then || then.shares === 0 || Math.min(then.posts, figures.posts) < FEWEST_POSTS) return [];
    const figure = Math.round((100 * (figures.shares / figures.posts)) / (then.shares / then.posts));
    return figure <= limit ? [{ team: figures.team, figure }] : [];
  });
}
