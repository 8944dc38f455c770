import { events } from '#libs/contracts';
import { isDistinct } from '#libs/scoring';
import type { Part } from './reading.js';
import type { Parts } from './references.js';

/** Checks what the files about points say of one another. */
export function checkPoints(parts: Parts): void {
  checkFairPlay(parts);
  checkDistinct(parts);
}

// A check that listens to what nobody tells finds nothing, and nobody notices.
function checkFairPlay({ fairPlay, rules, settings }: Parts): void {
  const { activities = {} } = settings?.content ?? {};
  fairPlay?.content.forEach(({ id, when }, index) => {
    if (fairPlay.content.findIndex((other) => other.id === id) < index)
      fairPlay.problem([index, 'id'], `there are two with the id ${id}`, 'give each an id of its own');
    const heard = rules?.content.some((rule) => rule.when === when) ?? true;
    if (heard || Object.hasOwn(events, when) || Object.hasOwn(activities, when)) return;
    fairPlay.warn(
      [index, 'when'],
      `nothing tells of ${when}`,
      'declare it under activities of programme.yaml, or check how it is written',
    );
  });
}

// Five networks on Monday and five on Tuesday are not ten: what adds up days, or sums of objects, cannot use such a metric.
function checkDistinct({ badges, boards, streaks, leagues, challenges, metrics }: Parts): void {
  const isOne = (metric: string | undefined): boolean =>
    metric !== undefined && isDistinct(metrics?.content[metric]);
  const refuse = (part: Part<unknown>, path: (string | number)[]): void =>
    part.problem(
      path,
      'this metric counts different things, which cannot be added up here',
      'use a metric that counts or sums',
    );
  for (const part of [boards, streaks, leagues, challenges])
    part?.content.forEach(({ metric }, index) => {
      if (isOne(metric)) refuse(part, [index, 'metric']);
    });
  badges?.content.forEach(({ when }, index) => {
    const named = [when?.metric, ...(when?.all ?? []).map(({ metric }) => metric)];
    if (when?.of !== undefined && named.some(isOne)) refuse(badges, [index, 'when', 'of']);
  });
}
