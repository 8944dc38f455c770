import { z } from 'zod';
import { checkKnown } from '../checking.js';
import type { PostEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import { answered, checkData } from './data.js';
import { failed } from './outcomes.js';

const schema = z.strictObject({
  template: z.string(),
  channel: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});
type PostConfig = z.infer<typeof schema>;

/** post: one message of a template to a channel of the programme, which is nobody's mailbox. */
export const post = stepKind<PostConfig>({
  kind: 'post',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Posts a template to a channel such as a Slack channel.',
    details:
      'channel is the id of a channel in channels.yaml. One message goes there once for the run, whoever the run is about; consents and quiet hours of people have no say, so put into data only what everybody there may read. Every text under data is an expression whose result the template can show.',
    example: 'post: { template: board-post, channel: everybody, data: { winners: event.ranking } }',
  },

  check(config, checking, site) {
    checkKnown(checking, 'templates', [...site.path, 'template'], config.template);
    checkKnown(checking, 'channels', [...site.path, 'channel'], config.channel);
    checkData(config.data ?? {}, checking, { ...site, path: [...site.path, 'data'] });
  },

  advance(config, turn) {
    const data = answered(config.data ?? {}, turn);
    if (!data.ok) return failed(`the data of ${config.template} cannot be made: ${data.error}`, config);
    const effect: PostEffect = {
      type: 'post',
      ...intentOf(turn.run, turn.step.id, null),
      channel: config.channel,
      template: config.template,
      data: data.value as Record<string, unknown>,
    };
    const reason = `${config.template} to ${config.channel}`;
    return { outcome: 'sent', reason, effects: [effect], input: config };
  },
});
