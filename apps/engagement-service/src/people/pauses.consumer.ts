import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';

/** Keeps until when somebody wants no mails, for conditions on people. */
@Controller()
export class PausesConsumer {
  @OnEvents('pauses', 'recipient.paused')
  async take(
    @Payload() events: EventOf<'recipient.paused'>[],
    @Ctx() { manager }: BatchContext,
  ): Promise<void> {
    const latest = new Map<string, EventOf<'recipient.paused'>>();
    for (const event of events) {
      const known = latest.get(event.data.personId);
      if (!known || known.time <= event.time) latest.set(event.data.personId, event);
    }
    const told = [...latest.values()];
    await manager.query(
      `UPDATE people SET paused_until = told.until, paused_told_at = told.at
       FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS told(person_id, until, at)
       WHERE people.id = told.person_id AND (paused_told_at IS NULL OR paused_told_at <= told.at)`,
      [
        told.map(({ data }) => data.personId),
        told.map(({ data }) => data.until),
        told.map(({ time }) => time),
      ],
    );
  }
}
