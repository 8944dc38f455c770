import { z } from 'zod';
import { mailTopics } from '#libs/contracts';
import type { MailTopic } from '#libs/contracts';
import { channelIn, digestChoices, topicChoices } from '../recipients/recipients.query.js';
import type { Recipient, TopicChoice } from '../recipients/recipients.query.js';

/** Whoever is waited for cannot choose not to hear of it; only leaving altogether ends these. */
const REQUIRED: readonly MailTopic[] = ['tasks'];
/** Their mails are urgent, so a digest would come too late. */
const UNGATHERED: readonly MailTopic[] = ['invitations', 'surveys', 'rewards'];

/** The topics somebody chooses among, and the choices of each. */
export const offered: { topic: MailTopic; choices: (typeof topicChoices)[number][] }[] = mailTopics
  .filter((topic) => !REQUIRED.includes(topic))
  .map((topic) => ({
    topic,
    choices: topicChoices.filter((choice) => choice !== 'digest' || !UNGATHERED.includes(topic)),
  }));

/** Of a channel of the programme that people may choose. */
const ofChannel = z.templateLiteral(['by:', z.string().max(60)]);

const topicFields = Object.fromEntries(
  offered.map(({ topic, choices }) => [topic, z.union([z.enum(choices), ofChannel]).default('now')]),
);

/** What the page posts: which of its buttons, and, to save, a choice for each topic and for the digest. */
export const preferencesForm = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('save'), digest: z.enum(digestChoices), ...topicFields }),
  ...(['pause30', 'pause90', 'resume', 'leave', 'return'] as const).map((action) =>
    z.strictObject({ do: z.literal(action) }),
  ),
]);
export type PreferencesForm = z.infer<typeof preferencesForm>;

/** What the form says, as it is kept: what comes at once by mail, or by a channel that is there no more, need not be noted. */
export function chosenIn(
  form: Extract<PreferencesForm, { do: 'save' }>,
  channels: readonly string[],
): Pick<Recipient, 'topics' | 'digest'> {
  const chosen = form as unknown as Record<MailTopic, TopicChoice>;
  const kept = (choice: TopicChoice): boolean => {
    const channel = channelIn(choice);
    return channel === null ? choice !== 'now' : channels.includes(channel);
  };
  const topics = Object.fromEntries(
    offered.map(({ topic }) => [topic, chosen[topic]] as const).filter(([, choice]) => kept(choice)),
  );
  return { topics, digest: form.digest };
}
