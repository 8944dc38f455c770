import { events } from '#libs/contracts';
import type {
  Badge,
  Board,
  Challenge,
  League,
  FairPlayCheck,
  Level,
  Metrics,
  RuleDefinition,
  Streak,
} from '#libs/scoring';
import type { ChannelSettings, ProgrammeSettings } from '#libs/contracts';
import { checkBadges } from './badge-references.js';
import { checkRanked } from './board-references.js';
import type { Goal } from './goals.js';
import { checkPoints } from './points-references.js';
import type { Part } from './reading.js';
import type { Reward, RewardBudget } from './rewards.js';
import type { Survey } from './surveys.js';

/** The parts of a programme beside its workflows and words; null where a file is wrong. */
export interface Parts {
  settings: Part<ProgrammeSettings> | null;
  metrics: Part<Metrics> | null;
  rules: Part<RuleDefinition[]> | null;
  fairPlay: Part<FairPlayCheck[]> | null;
  badges: Part<Badge[]> | null;
  boards: Part<Board[]> | null;
  rewards: Part<Reward[]> | null;
  surveys: Part<Survey[]> | null;
  goals: Part<Goal[]> | null;
  streaks: Part<Streak[]> | null;
  leagues: Part<League[]> | null;
  rewardBudgets: Part<RewardBudget[]> | null;
  challenges: Part<Challenge[]> | null;
  levels: Part<Level[]> | null;
  channels: Part<ChannelSettings[]> | null;
}

/** Checks what one file says about another, and that every id is there once. */
export function checkReferences(parts: Parts): void {
  const { rules, badges, boards, rewards, surveys, goals, channels } = parts;
  for (const list of [rules, badges, boards, rewards, surveys, goals, channels]) if (list) checkIds(list);
  for (const list of [parts.streaks, parts.levels, parts.leagues, parts.challenges, parts.rewardBudgets])
    if (list) checkIds(list);
  checkRanked(parts);
  checkBadges(parts);
  checkPoints(parts);
  if (parts.metrics) checkMetrics(parts, Object.keys(parts.metrics.content));
  if (parts.settings) checkActivities(parts, parts.settings.content);
  if (parts.settings) checkDigest(parts.settings);
}

function checkIds({ content, problem }: Part<readonly { id: string }[]>): void {
  content.forEach(({ id }, index) => {
    if (content.findIndex((other) => other.id === id) < index)
      problem([index, 'id'], `there are two with the id ${id}`, 'give each an id of its own');
  });
}

function checkMetrics({ badges, goals }: Parts, known: readonly string[]): void {
  const check = (part: Part<unknown>, path: (string | number)[], metric: string | undefined): void => {
    if (metric === undefined || known.includes(metric)) return;
    part.problem(path, `there is no metric ${metric}`, `use one of ${known.join(', ')}`);
  };
  badges?.content.forEach(({ when }, index) => {
    check(badges, [index, 'when', 'metric'], when?.metric);
    when?.all?.forEach(({ metric }, place) => check(badges, [index, 'when', 'all', place, 'metric'], metric));
  });
  goals?.content.forEach(({ metric }, index) => check(goals, [index, 'metric'], metric));
}

// A rule may count activities that programme.yaml does not declare; more often its type has a slip in it.
function checkActivities({ rules }: Parts, { activities = {} }: ProgrammeSettings): void {
  rules?.content.forEach(({ when }, index) => {
    if (Object.hasOwn(events, when) || Object.hasOwn(activities, when)) return;
    rules.warn(
      [index, 'when'],
      `nothing tells of ${when}`,
      'declare it under activities of programme.yaml, or check how it is written',
    );
  });
}

// It would never go out at its time, and who reads the programme would take that for when it does.
function checkDigest({ content: { quiet_hours: quiet, mail }, problem }: Part<ProgrammeSettings>): void {
  if (!quiet || !mail) return;
  const { at } = mail.digest;
  const { from, to } = quiet;
  const isQuiet = from <= to ? at >= from && at < to : at >= from || at < to;
  if (!isQuiet) return;
  problem(
    ['mail', 'digest', 'at'],
    `the digest at ${at} lies within the quiet hours from ${from} to ${to}`,
    `let it go out at ${to} or later`,
  );
}
