import { Injectable } from '@nestjs/common';
import type { EventOf, EventType } from '#libs/contracts';

/** Whether a consumer has anything to do for an event. */
export type Concerns = (event: EventOf<EventType>) => boolean;

/**
 * What consumers have nothing to do for at all: such events are settled without a transaction and without an inbox row.
 * Only for what can be told from the event and from what the process knows; when in doubt an event concerns.
 */
@Injectable()
export class Interests {
  private readonly byConsumer = new Map<string, Concerns>();

  /** `consumer` as it stands in `@OnEvents`. */
  limit(consumer: string, concerns: Concerns): void {
    this.byConsumer.set(consumer, concerns);
  }

  concerns(consumer: string, event: EventOf<EventType>): boolean {
    return this.byConsumer.get(consumer)?.(event) ?? true;
  }
}
