import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Namespace } from '#libs/contracts';
import type { DataOf, Envelope, EventType } from '#libs/contracts';
import { Clock, DomainError, afterCommit, newId, traceFrom, traceparent, withTrace } from '#libs/platform';

/** An event about to be told. `time` defaults to the clock, `id` to a new one (give a stable id where a replay may meet itself). */
export interface NewEvent<T extends EventType = EventType> {
  type: T;
  data: DataOf<T>;
  time?: Date;
  id?: string;
  /** The traceparent of what caused it, where that is not the trace at hand. */
  under?: string;
}

/** Lets the compiler check `data` against `type` where a list mixes types. */
export const event = <T extends EventType>(
  type: T,
  data: DataOf<T>,
  more: Pick<NewEvent, 'time' | 'id' | 'under'> = {},
): NewEvent => ({ type, data, ...more }) as unknown as NewEvent;

/** Who tells: `/laurel/content`. */
export class EventSource {
  constructor(readonly uri: string) {}
}

/** The broker takes 1 MB; one event beyond it would hold up every event behind it for good. */
const MAX_BYTES = 512 * 1024;

/** Stands in no JSON text, which escapes it; one text need not be quoted letter by letter, as an array of texts must. */
const BETWEEN = '\u0001';

/** Where events wait until the broker has them; they commit with the state change they tell of. */
@Injectable()
export class Outbox {
  private wake: () => void = () => undefined;
  private readonly hint = (): void => this.wake();

  constructor(
    private readonly clock: Clock,
    private readonly source: EventSource,
    private readonly namespace: Namespace,
  ) {}

  /** Called by the relay: a hint saves waiting for its next poll. */
  onAdded(wake: () => void): void {
    this.wake = wake;
  }

  /** Adds events inside the caller's transaction; an id that is already there is not added again. Throws `event_too_large`. */
  async add(manager: EntityManager, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const envelopes = events.map((item) => this.envelope(item));
    await manager.query(
      `WITH added AS (
         INSERT INTO outbox (event_id, subject, envelope)
         SELECT * FROM unnest($1::uuid[], $2::text[], string_to_array($3, E'\\x01'))
         ON CONFLICT (event_id) DO NOTHING RETURNING seq, event_id
       )
       INSERT INTO outbox_pending (seq, event_id) SELECT seq, event_id FROM added`,
      [
        envelopes.map((envelope) => envelope.id),
        envelopes.map((envelope) => this.namespace.event(envelope.type)),
        envelopes.map(serialise).join(BETWEEN),
      ],
    );
    afterCommit(manager, this.hint);
  }

  private envelope(item: NewEvent): Envelope {
    return {
      specversion: '1.0',
      id: item.id ?? newId(),
      source: this.source.uri,
      type: item.type,
      time: (item.time ?? this.clock.now()).toISOString(),
      datacontenttype: 'application/json',
      traceparent: traceOf(item),
      data: item.data,
    };
  }
}

function traceOf({ under, data }: NewEvent): string {
  const trace = (): string => traceparent(personOf(data));
  return under === undefined ? trace() : withTrace(traceFrom(under), trace);
}

const personOf = (data: object): string | undefined => (data as { personId?: string }).personId;

function serialise(envelope: { type: string }): string {
  const text = JSON.stringify(envelope);
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  throw new DomainError(
    'event_too_large',
    413,
    `The event ${envelope.type} is larger than ${MAX_BYTES / 1024} kB; send less data with it.`,
  );
}
