import { Injectable } from '@nestjs/common';
import type { EventOf, EventType } from '#libs/contracts';

/** Whether a consumer has anything to do for an event. */
export type Concerns = (event: EventOf<EventType>) => boolean;

/** Whether a consumer has anything to do for events of a type at present. */
export type ConcernsType = (type: EventType) => boolean;

/**
 * What consumers have nothing to do for at all: such events are settled without a transaction and without an inbox row.
 * Only for what can be told from the event and from what the process knows; when in doubt an event concerns.
 */
@Injectable()
export class Interests {
  private readonly byConsumer = new Map<string, Concerns>();
  private readonly byType = new Map<string, ConcernsType>();

  /** `consumer` as it stands in `@OnEvents`. What `concernsType` says no to is not even read. */
  limit(consumer: string, concerns: Concerns, concernsType: ConcernsType): void {
    this.byConsumer.set(consumer, concerns);
    this.byType.set(consumer, concernsType);
  }

  concerns(consumer: string, event: EventOf<EventType>): boolean {
    return this.byConsumer.get(consumer)?.(event) ?? true;
  }

  concernsType(consumer: string, type: EventType): boolean {
    return this.byType.get(consumer)?.(type) ?? true;
  }
}
