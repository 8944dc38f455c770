import type { EntityManager } from 'typeorm';
import { view } from './deliveries.query.js';
import type { DeliveryView } from './deliveries.query.js';
import type { DeliveryState } from './delivery.js';

/** What is searched for. */
export interface DeliveryFilter {
  personId?: string | undefined;
  template?: string | undefined;
  state?: DeliveryState | undefined;
  workflow?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  text?: string | undefined;
  limit: number;
  /** Id of the last delivery of the page before. */
  after?: string | undefined;
}

/** Newest first. */
export async function listDeliveries(
  manager: EntityManager,
  filter: DeliveryFilter,
): Promise<DeliveryView[]> {
  return manager.query(
    `SELECT ${view} FROM deliveries
     WHERE ($1::uuid IS NULL OR person_id = $1) AND ($2::text IS NULL OR template = $2) AND ($3::text IS NULL OR state = $3)
       AND ($4::uuid IS NULL OR seq < (SELECT seq FROM deliveries WHERE id = $4))
       AND ($6::text IS NULL OR workflow->>'id' = $6) AND ($7::timestamptz IS NULL OR requested_at >= $7)
       AND ($8::timestamptz IS NULL OR requested_at < $8) AND ($9::text IS NULL OR strpos(lower(reason), lower($9)) > 0)
     ORDER BY seq DESC LIMIT $5`,
    [
      filter.personId ?? null,
      filter.template ?? null,
      filter.state ?? null,
      filter.after ?? null,
      filter.limit,
      ...([filter.workflow, filter.from, filter.to, filter.text] as const).map((value) => value ?? null),
    ],
  );
}

/** What happened to one of the mails of a person. */
export interface PersonEvent {
  seq: number;
  deliveryId: string;
  template: string;
  at: Date;
  state: string;
  detail: string;
}

/** Newest first, those before a place in the order. */
export async function eventsOfPerson(
  manager: EntityManager,
  personId: string,
  limit: number,
  before?: number,
): Promise<PersonEvent[]> {
  return manager.query(
    `SELECT e.seq, delivery_id AS "deliveryId", template, at, e.state, detail
     FROM delivery_events e JOIN deliveries d ON d.id = delivery_id
     WHERE person_id = $1 AND ($3::bigint IS NULL OR e.seq < $3) ORDER BY e.seq DESC LIMIT $2`,
    [personId, limit, before ?? null],
  );
}
