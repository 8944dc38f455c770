import { z } from 'zod';
import { checkCel, checkDuration, checkKnown, report } from '../checking.js';
import type { AskEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Outcome, Turn, Waiting } from '../kinds.js';
import { timeoutOf } from '../reckoning.js';
import { isoMoment } from '../world.js';
import { answered, checkData } from './data.js';
import { failed, way, wayMentions } from './outcomes.js';
import { recipientOf } from './recipient.js';

const schema = z.strictObject({
  template: z.string(),
  to: z.string().optional(),
  question: z.string().optional(),
  options: z.array(z.string().min(1).max(60)).min(1).max(20).optional(),
  score: z.strictObject({ from: z.int(), to: z.int() }).optional(),
  survey: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  timeout: z.string().optional(),
  on_timeout: z.string().optional(),
});
type AskConfig = z.infer<typeof schema>;

// A link in a mail must end some day.
const DEFAULT_TIMEOUT = '30d';
const MAX_ANSWERS = 21;

/** ask: a question by mail with one signed link for each answer; the run waits for the answer. */
export const ask = stepKind<AskConfig>({
  kind: 'ask',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Asks somebody a question by mail and waits for the answer.',
    details:
      'The answers are options (such as approve and reject), a score between two numbers, or those of a survey. The mail has a link for each; the first answer counts. It stands in vars under the id of the step as { answer, personId, at }; a score is a number. Of a survey, whose answers nobody can tell apart, only { answered, at } stands there. Without an answer within timeout (30d unless told, counted on the calendar like a wait) vars holds null there and the run continues, stops, or goes to the step that on_timeout names.',
    example:
      'ask: { template: approval, to: person.lead, question: May this go out?, options: [approve, reject], timeout: 3d }',
    examples: [
      'ask: { template: pulse, question: How likely are you to recommend us?, score: { from: 0, to: 10 }, timeout: 1w, on_timeout: stop }',
    ],
  },

  check(config, checking, site) {
    const { path, names } = site;
    checkKnown(checking, 'templates', [...path, 'template'], config.template);
    if ([config.options, config.score, config.survey].filter((each) => each !== undefined).length !== 1)
      report(
        checking,
        path,
        'a question has either options, a score or a survey',
        'give one of them, for example options: [approve, reject]',
      );
    if (config.survey !== undefined) checkKnown(checking, 'surveys', [...path, 'survey'], config.survey);
    const count = answersOf(config).length;
    if (config.survey === undefined && (count < 1 || count > MAX_ANSWERS))
      report(
        checking,
        [...path, 'score'],
        `the score has ${count} answers`,
        'count up, for example from: 0, to: 10',
      );
    if (new Set(config.options).size < (config.options ?? []).length)
      report(checking, [...path, 'options'], 'the same answer stands there twice', 'name every answer once');
    if (config.to !== undefined) checkCel(checking, [...path, 'to'], config.to, 'workflow', { names });
    checkData(config.data ?? {}, checking, { ...site, path: [...path, 'data'] });
    if (config.timeout !== undefined) checkDuration(checking, [...path, 'timeout'], config.timeout);
  },

  mentions: (config) => wayMentions('on_timeout', config.on_timeout),
  gives: (_config, stepId) => [stepId],
  listens: () => [{ event: 'answer.given', by: 'ask' }],

  waiting(config, turn) {
    const asked = turn.run.awaits?.on.slice('ask:'.length);
    return asked === undefined ? null : standing(config, asked, turn);
  },

  advance(config, turn) {
    const recipient = recipientOf(config.to, turn);
    if (!recipient.ok) return recipient.outcome;
    const data = answered(config.data ?? {}, turn);
    return data.ok
      ? asking(config, recipient.to, data.value as Record<string, unknown>, turn)
      : failed(`the data of ${config.template} cannot be made: ${data.error}`, config);
  },

  timeUp: (config, { step }) => ({
    outcome: 'timed_out',
    reason: `no answer within ${config.timeout ?? DEFAULT_TIMEOUT}`,
    vars: { [step.id]: null },
    ...way(config.on_timeout),
  }),

  heard(config, { run, step }, event) {
    const { askId, personId, answer } = event.data;
    if (run.awaits?.on !== `ask:${String(askId)}` || event.occurredAt > (run.dueAt ?? Infinity)) return null;
    if (config.survey !== undefined) return heardAnonymously(step.id, event.occurredAt);
    if (!answersOf(config).includes(String(answer))) return null;
    const given = {
      answer: config.score === undefined ? answer : Number(answer),
      personId: personId ?? null,
      at: isoMoment(event.occurredAt),
    };
    return {
      outcome: 'heard',
      reason: `the answer is ${String(answer)}`,
      vars: { [step.id]: given },
      output: given,
    };
  },
});

// What somebody answered to a survey is nobody's business, not even their run's.
function heardAnonymously(stepId: string, at: number): Outcome {
  const given = { answered: true, at: isoMoment(at) };
  return { outcome: 'heard', reason: 'the survey is answered', vars: { [stepId]: given }, output: given };
}

function asking(config: AskConfig, to: string, data: Record<string, unknown>, turn: Turn): Outcome {
  const intent = intentOf(turn.run, turn.step.id, to);
  const waiting = standing(config, intent.intentKey, turn);
  const effect: AskEffect = {
    type: 'ask',
    ...intent,
    to,
    askId: intent.intentKey,
    template: config.template,
    question: config.question ?? null,
    data,
    answers: answersOf(config),
    survey: config.survey ?? null,
    expiresAt: waiting.dueAt,
  };
  const reason = `${config.template} to ${to}`;
  return { outcome: 'asked', go: 'stay', ...waiting, reason, effects: [effect], input: config };
}

function standing(config: AskConfig, askId: string, turn: Turn): Waiting & { dueAt: number } {
  const dueAt = timeoutOf(config.timeout ?? DEFAULT_TIMEOUT, turn) ?? turn.now;
  return { dueAt, awaits: { event: 'answer.given', on: `ask:${askId}` } };
}

function answersOf({ options, score }: AskConfig): string[] {
  if (options !== undefined || score === undefined) return options ?? [];
  // A score far out of bounds is a mistake to tell, not a list to make.
  const count = Math.min(Math.max(score.to - score.from + 1, 0), MAX_ANSWERS + 1);
  return Array.from({ length: count }, (_, index) => String(score.from + index));
}
