import { TIERS } from '#libs/scoring';
import type { Badge } from '#libs/scoring';
import type { Files } from './files.js';
import type { Part } from './reading.js';
import type { Parts } from './references.js';

/** Checks what badges and streaks say of streaks, of other badges and of metrics. */
export function checkBadges({ badges, streaks, metrics }: Parts): void {
  if (badges && streaks) checkStreaks(badges, idsOf(streaks));
  if (badges) checkSets(badges);
  if (streaks && metrics)
    streaks.content.forEach(({ metric }, index) => {
      if (!Object.hasOwn(metrics.content, metric))
        streaks.problem(
          [index, 'metric'],
          `there is no metric ${metric}`,
          `use one of those in metrics.yaml`,
        );
    });
}

/** Warns of pictures that belong to no badge: most often a slip in the name of the file. */
export function checkArtwork({ badges }: Parts, files: Files): void {
  if (!badges) return;
  const known = new Set(
    idsOf(badges).flatMap((id) => [`${id}.svg`, ...TIERS.map((tier) => `${id}.${tier}.svg`)]),
  );
  for (const path of Object.keys(files))
    if (path.startsWith('badges/') && !known.has(path.slice('badges/'.length)))
      badges.warn([], `${path} is the picture of no badge`, 'name it after the id of its badge');
}

const idsOf = ({ content }: Part<readonly { id: string }[]>): string[] => content.map(({ id }) => id);

function checkStreaks({ content, problem }: Part<Badge[]>, known: readonly string[]): void {
  content.forEach(({ when }, index) => {
    if (when?.streak !== undefined && !known.includes(when.streak))
      problem(
        [index, 'when', 'streak'],
        `there is no streak ${when.streak}`,
        known.length > 0 ? `use one of ${known.join(', ')}` : 'describe it in streaks.yaml',
      );
  });
}

function checkSets({ content, problem }: Part<Badge[]>): void {
  const sets = new Map(content.map(({ id, when }) => [id, when?.badges ?? []]));
  content.forEach(({ id, when }, index) => {
    when?.badges?.forEach((part, place) => {
      const path = [index, 'when', 'badges', place];
      if (!sets.has(part)) problem(path, `there is no badge ${part}`, 'use the id of another badge');
      else if (leadsTo(sets, part, id))
        problem(path, `${part} needs ${id} itself`, 'take it out of one of the sets');
    });
  });
}

function leadsTo(sets: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  for (const waiting = [from]; waiting.length > 0;) {
    const id = waiting.pop()!;
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(sets.get(id) ?? []));
  }
  return false;
}
