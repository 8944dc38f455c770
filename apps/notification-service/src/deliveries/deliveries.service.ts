import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, DomainError, afterCommit, notFound } from '#libs/platform';
import { countDeliveries, countMails, findDelivery, rearmDelivery, timelineOf } from './deliveries.query.js';
import type { DeliveryView } from './deliveries.query.js';
import { eventsOfPerson, listDeliveries } from './search.query.js';
import type { DeliveryFilter } from './search.query.js';
import { Sender } from './sender.js';

/** What there is to see of deliveries, and sending one again. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly sender: Sender,
  ) {}

  /** A page, newest first; `next` goes into `after` for the page that follows, null at the end. */
  async list(filter: DeliveryFilter): Promise<{ items: DeliveryView[]; next: string | null }> {
    const found = await listDeliveries(this.database.manager, { ...filter, limit: filter.limit + 1 });
    const items = found.slice(0, filter.limit);
    return { items, next: found.length > filter.limit ? items.at(-1)!.id : null };
  }

  async get(id: string): Promise<DeliveryView & { timeline: object[] }> {
    const delivery = await findDelivery(this.database.manager, id);
    if (!delivery) throw notFound('delivery', id);
    return { ...delivery, timeline: await timelineOf(this.database.manager, id) };
  }

  /** A page of all that happened to the mails of a person, newest first; `next` goes into `before` for the page that follows. */
  async timelineOfPerson(
    personId: string,
    { limit, before }: { limit: number; before?: number | undefined },
  ): Promise<{ items: object[]; next: number | null }> {
    const found = await eventsOfPerson(this.database.manager, personId, limit + 1, before);
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? items.at(-1)!.seq : null };
  }

  summary(): Promise<object[]> {
    return countDeliveries(this.database.manager);
  }

  /** How many mails were sent of each template. */
  mails(): Promise<object[]> {
    return countMails(this.database.manager);
  }

  /** Makes a delivery due again that failed, was suppressed or is ambiguous. */
  async resend(id: string, because: { by: string; reason: string }): Promise<DeliveryView> {
    await this.database.transaction(async (manager) => {
      const rearmed = await rearmDelivery(manager, id, this.clock.now(), because);
      if (rearmed) afterCommit(manager, this.sender.hint);
      else await this.refuseResend(id);
    });
    return this.get(id);
  }

  private async refuseResend(id: string): Promise<never> {
    const { state } = await this.get(id);
    const detail = `This delivery is ${state}; only a failed, suppressed or ambiguous one can be sent again.`;
    throw new DomainError('resend_refused', 409, detail);
  }
}
