import type { Message } from './message.js';

/** The body for a webhook: https://github.com/standard-webhooks/standard-webhooks asks for type, timestamp and data. */
export function webhookBody({ id, template, locale, title, paragraphs, button, to, at }: Message): object {
  return {
    type: to ? 'message.personal' : 'message.posted',
    timestamp: at.toISOString(),
    data: {
      id,
      template,
      locale,
      title,
      text: paragraphs.join('\n\n'),
      link: button,
      ...(to && {
        to: { personId: to.personId, name: to.name, email: to.email },
        preferences: to.preferences.url,
      }),
    },
  };
}
