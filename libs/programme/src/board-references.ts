import { audienceProblem } from '#libs/scoring';
import type { Board, Challenge, League, Metrics } from '#libs/scoring';
import type { Part } from './reading.js';
import type { Parts } from './references.js';

type Ranked = Pick<Board | League | Challenge, 'metric' | 'for'>;

/** Checks what boards, leagues and challenges count, and for whom. */
export function checkRanked(parts: Parts): void {
  const { boards, leagues, challenges, metrics } = parts;
  for (const part of [boards, leagues, challenges] as (Part<Ranked[]> | null)[]) {
    part?.content.forEach((ranked, index) => {
      if (metrics) checkMetric(part, index, ranked.metric, metrics.content);
      if (ranked.for !== undefined) checkAudience(part, index, ranked.for);
    });
  }
  checkRewards(parts);
}

function checkMetric(part: Part<unknown>, index: number, metric: string, metrics: Metrics): void {
  if (metric === 'points') return;
  const addable = Object.entries(metrics).flatMap(([name, one]) => ('distinct' in one ? [] : [name]));
  if (addable.includes(metric)) return;
  const wrong = metric in metrics ? `${metric} cannot be added up over days` : `there is no metric ${metric}`;
  part.problem([index, 'metric'], wrong, `use points or one of ${addable.join(', ')}`);
}

function checkAudience(part: Part<unknown>, index: number, audience: string): void {
  const problem = audienceProblem(audience);
  if (problem) part.problem([index, 'for'], problem, 'compare fields of person with ==, in, && and ||');
}

function checkRewards({ challenges, badges, rewards, rewardBudgets }: Parts): void {
  // What objects bring has no period a challenge could give it for.
  const known = badges?.content.flatMap(({ id, repeat }) => (repeat === 'object' ? [] : [id]));
  challenges?.content.forEach(({ reward }, index) => {
    if (known && reward?.badge !== undefined && !known.includes(reward.badge))
      challenges.problem(
        [index, 'reward', 'badge'],
        `there is no badge ${reward.badge} that a challenge can give`,
        `use one of ${known.join(', ')}`,
      );
  });
  const offered = rewards?.content.map(({ id }) => id);
  rewardBudgets?.content.forEach(({ rewards: named = [] }, index) => {
    for (const id of offered ? named : [])
      if (!offered!.includes(id))
        rewardBudgets.problem(
          [index, 'rewards'],
          `there is no reward ${id}`,
          `use one of ${offered!.join(', ')}`,
        );
  });
}
