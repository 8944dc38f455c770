import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { DriverService } from './driver.service.js';
import { lockWaits } from './runs.query.js';

/** Waits are local times: when somebody moves to another zone or location, theirs are reckoned again. */
@Controller()
export class RecalculationsConsumer {
  constructor(private readonly driver: DriverService) {}

  @OnEvents('recalculations', 'person.changed')
  async recalculate(
    @Payload() events: EventOf<'person.changed'>[],
    @Ctx() { manager }: BatchContext,
  ): Promise<void> {
    const moved = events.filter(({ data }) => data.change === 'updated').map(({ data }) => data.personId);
    const waits = moved.length > 0 ? await lockWaits(manager, moved) : [];
    const turns = waits.map((stored) => ({ ...stored, input: { type: 'recalculated' } as const }));
    if (turns.length > 0) await this.driver.move(manager, turns);
  }
}
