import type { EntityManager } from 'typeorm';
import type { EventOf, EventType } from '#libs/contracts';

/** What a batch handler gets beside its events. */
export class BatchContext {
  constructor(
    /** The transaction that also holds the inbox rows of this batch. */
    readonly manager: EntityManager,
    readonly consumer: string,
  ) {}
}

/** A checked event and the way to settle its message. */
export interface Delivery {
  event: EventOf<EventType>;
  subject: string;
  payload: string;
  /** How often the broker has tried, from 1. */
  attempt: number;
  ack: () => void;
  retryIn: (milliseconds: number) => void;
}

/** Keeps the events this consumer has not handled yet, and notes that it now has; a batch may hold an event twice. */
export async function keepUnseen(
  manager: EntityManager,
  consumer: string,
  batch: readonly Delivery[],
): Promise<Delivery[]> {
  const byId = new Map(batch.map((delivery) => [delivery.event.id.toLowerCase(), delivery]));
  const fresh: { event_id: string }[] = await manager.query(
    `INSERT INTO inbox (consumer, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id ORDER BY id
     ON CONFLICT DO NOTHING RETURNING event_id`,
    [consumer, [...byId.keys()]],
  );
  const unseen = new Set(fresh.map((row) => row.event_id));
  return [...byId].flatMap(([id, delivery]) => (unseen.has(id) ? [delivery] : []));
}
