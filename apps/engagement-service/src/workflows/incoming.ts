import type { EventOf, EventType } from '#libs/contracts';
import { isId } from './carriers/carrier.js';
import type { Incoming } from './turns.js';

/** Everything a workflow can listen to: all but our own requests to others. */
export const heardTypes = [
  ...([
    'content.published',
    'content.shared',
    'link.clicked',
    'share.measured',
    'share.confirmed',
    'share.withdrawn',
    'share.due',
    'link.doubted',
    'source.broken',
    'source.recovered',
  ] as const),
  ...(['content.suggested', 'content.drought', 'content.fatigue'] as const),
  ...(['person.changed', 'invitation.sent', 'invitation.accepted', 'activity.recorded'] as const),
  ...(['points.awarded', 'points.held', 'points.released', 'points.reversed'] as const),
  ...(['points.appealed', 'points.adjusted', 'ledger.difference'] as const),
  ...(['badge.earned', 'badge.revoked', 'level.reached', 'metric.reached', 'board.closed'] as const),
  ...(['reward.claimed', 'reward.approved', 'reward.rejected', 'reward.fulfilled'] as const),
  ...(['survey.closed', 'programme.launched', 'goals.due'] as const),
  ...(['notification.sent', 'notification.failed', 'notification.bounced', 'answer.given'] as const),
  ...(['recipient.paused', 'recipient.unsubscribed', 'webhook.received'] as const),
  ...(['workflow.emitted', 'workflow.start_requested', 'workflow.stop_requested'] as const),
] satisfies EventType[];

/** What an event is called in workflows: a recorded activity by its own type (`on: { event: training.attended }`). */
export function typeOf(told: EventOf<EventType>): string {
  if (told.type === 'activity.recorded' || told.type === 'workflow.emitted') return told.data.activityType;
  return told.type === 'workflow.start_requested' ? 'workflow.started' : told.type;
}

/** An event as workflows see it. Of an answer to one of the `anonymous` questions only that there is one. */
export function incomingOf(told: EventOf<EventType>, anonymous: ReadonlySet<string>): Incoming {
  return {
    id: told.id,
    type: typeOf(told),
    data: dataOf(told, anonymous),
    occurredAt: Date.parse(told.time),
  };
}

function dataOf(told: EventOf<EventType>, anonymous: ReadonlySet<string>): Record<string, unknown> {
  if (told.type === 'activity.recorded' || told.type === 'workflow.emitted') {
    const { activityType: _type, data, ...rest } = told.data;
    return { ...data, ...rest };
  }
  if (told.type === 'workflow.start_requested') {
    const { data, ...rest } = told.data;
    return { ...data, ...rest };
  }
  if (told.type === 'webhook.received') return bodyOf(told);
  if (told.type === 'survey.closed') return { ...told.data, n: told.data.answers };
  if (told.type === 'answer.given' && anonymous.has(told.data.askId)) return { ...told.data, answer: null };
  return told.data;
}

/** What another system sent; a personId that can be nobody's is left out. */
function bodyOf({ data: { name, webhookId, body } }: EventOf<'webhook.received'>): Record<string, unknown> {
  const { personId, ...rest } = body;
  return {
    ...rest,
    ...(typeof personId === 'string' && isId(personId) ? { personId } : {}),
    name,
    webhookId,
  };
}
