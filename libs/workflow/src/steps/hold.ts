import { z } from 'zod';
import { isWindow } from '#libs/calendar';
import { checkCel, checkKnown, report } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Effect, HoldEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Outcome, Turn } from '../kinds.js';
import type { Path } from '../problem.js';
import { entriesFrom, heldBy } from './entries.js';
import { failed, skipped } from './outcomes.js';

const schema = z.strictObject({
  entries: z.string().optional(),
  rule: z.string().optional(),
  window: z.string().optional(),
  release: z.string().optional(),
  appeal: z.string().optional(),
  reason: z.string().optional(),
});
type HoldConfig = z.infer<typeof schema>;

/** hold: sets points of the ledger aside until somebody has looked, gives back what an earlier hold has set aside, or notes an appeal. */
export const hold = stepKind<HoldConfig>({
  kind: 'hold',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Sets points aside until it is clear whether they count, and gives them back.',
    details:
      'entries names entries of the ledger by id: one, or a list. rule with window names what a rule has given the person of the run in a stretch of time, such as today. Their points do not count from now on. Later in the same run, hold: { release: <id of this step> } gives them back, or revoke: { held: <id of this step> } takes them away for good. What is never released stays set aside. appeal, with the id of a hold, notes that the person disagrees, once, and tells points.appealed.',
    example: 'hold: { entries: event.entryIds, reason: Many clicks from one place }',
    examples: [
      'hold: { rule: credible-click, window: today, reason: Sixty clicks in one day }',
      'hold: { appeal: event.holdId, reason: The person says it is right }',
    ],
  },

  check(config, checking, { path, names }) {
    const ways = [config.entries, config.rule, config.release, config.appeal].filter(
      (each) => each !== undefined,
    );
    if (ways.length !== 1)
      report(
        checking,
        path,
        'a hold sets entries or the gains of a rule aside, releases them, or notes an appeal',
        'give one of entries:, rule:, release: and appeal:',
      );
    if (config.rule !== undefined) checkKnown(checking, 'rules', [...path, 'rule'], config.rule);
    checkWindow(config, checking, path);
    for (const word of ['entries', 'appeal'] as const) {
      const source = config[word];
      if (source !== undefined) checkCel(checking, [...path, word], source, 'workflow', { names });
    }
  },

  mentions: ({ release }) => (release === undefined ? [] : [{ path: ['release'], id: release, as: 'hold' }]),
  gives: ({ release, appeal }, stepId) => (release === undefined && appeal === undefined ? [stepId] : []),

  advance(config, turn) {
    if (config.release !== undefined) return giveBack(config, config.release, turn);
    if (config.appeal !== undefined) return appealed(config, config.appeal, turn);
    return config.rule === undefined ? setAside(config, turn) : setGainsAside(config, config.rule, turn);
  },
});

function checkWindow({ rule, window }: HoldConfig, checking: Checking, path: Path): void {
  if (rule === undefined && window !== undefined)
    report(checking, [...path, 'window'], 'window belongs to rule', 'add rule: or take it away', true);
  if (rule !== undefined && !isWindow(window ?? ''))
    report(checking, path, 'a hold of a rule needs a window', 'add window: today, this_week, last_7_days …');
}

function setGainsAside(config: HoldConfig, rule: string, turn: Turn): Outcome {
  const person = turn.run.personId;
  if (person === null) return failed('a hold of a rule needs a person, and this run has none', config);
  const gains = { rule, window: config.window ?? 'today', personId: person };
  return held(config, turn, { gains }, `what ${rule} gave in ${gains.window}`);
}

function setAside(config: HoldConfig, turn: Turn): Outcome {
  const entries = entriesFrom(config.entries ?? '[]', turn);
  if (!entries.ok) return failed(entries.error, config);
  if (entries.ids.length === 0) return skipped('there are no entries to set aside', config);
  return held(config, turn, { entries: entries.ids }, `${entries.ids.length} ledger entries`);
}

function held(
  config: HoldConfig,
  { run, step }: Turn,
  what: Pick<HoldEffect, 'entries' | 'gains'>,
  reason: string,
): Outcome {
  const intent = intentOf(run, step.id, null);
  const effect: Effect = { type: 'hold', ...intent, ...what, reason: config.reason ?? null };
  return {
    outcome: 'held',
    reason,
    effects: [effect],
    vars: { [step.id]: { held: intent.intentKey, ...what } },
    input: config,
  };
}

function appealed(config: HoldConfig, source: string, turn: Turn): Outcome {
  const answer = turn.ask(source);
  if (!answer.ok) return failed(`the hold "${source}" cannot be answered: ${answer.error}`, config);
  if (typeof answer.value !== 'string') return failed(`the hold "${source}" is no id`, config);
  const intent = intentOf(turn.run, turn.step.id, null);
  const effect: Effect = { type: 'hold', ...intent, appeal: answer.value, reason: config.reason ?? null };
  return { outcome: 'appealed', reason: `against hold ${answer.value}`, effects: [effect], input: config };
}

function giveBack(config: HoldConfig, stepId: string, turn: Turn): Outcome {
  const held = heldBy(stepId, turn);
  if (held === null) return skipped(`${stepId} has set nothing aside`, config);
  const intent = intentOf(turn.run, turn.step.id, null);
  const effect: Effect = { type: 'release', ...intent, held, reason: config.reason ?? null };
  return { outcome: 'released', reason: `what ${stepId} has set aside`, effects: [effect], input: config };
}
