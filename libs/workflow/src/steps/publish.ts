import { z } from 'zod';
import { checkCel, checkKnown, report } from '../checking.js';
import type { PublishEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Outcome, Turn } from '../kinds.js';
import { failed } from './outcomes.js';

const schema = z.strictObject({ survey: z.string().optional(), post: z.string().optional() });
type PublishConfig = z.infer<typeof schema>;

/** publish: tells the result of a survey, or puts a waiting post before the people. */
export const publish = stepKind<PublishConfig>({
  kind: 'publish',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Closes a survey and tells its result, or publishes a waiting post.',
    details:
      'survey names a survey: its open round is closed, and the result is told when enough people have answered. post is an expression that gives the id of a post which waits for approval.',
    example: 'publish: { post: event.postId }',
    examples: ['publish: { survey: pulse }'],
  },

  check(config, checking, { path, names }) {
    if ((config.survey === undefined) === (config.post === undefined))
      report(checking, path, 'a publish is either of a survey or of a post', 'give one of survey: and post:');
    if (config.survey !== undefined) checkKnown(checking, 'surveys', [...path, 'survey'], config.survey);
    if (config.post !== undefined) checkCel(checking, [...path, 'post'], config.post, 'workflow', { names });
  },

  advance(config, turn) {
    if (config.survey !== undefined) return published(config, { survey: config.survey }, turn);
    const answer = turn.ask(config.post ?? 'null');
    if (!answer.ok) return failed(`"${config.post}" cannot be answered: ${answer.error}`, config);
    if (typeof answer.value !== 'string' || answer.value === '')
      return failed(`"${config.post}" is no post`, config);
    return published(config, { post: answer.value }, turn);
  },
});

function published(
  config: PublishConfig,
  what: Pick<PublishEffect, 'survey' | 'post'>,
  { run, step }: Turn,
): Outcome {
  const effect: PublishEffect = { type: 'publish', ...intentOf(run, step.id, null), ...what };
  const reason = what.survey === undefined ? `the post ${what.post}` : `the survey ${what.survey}`;
  return { outcome: 'published', reason, effects: [effect], input: config };
}
