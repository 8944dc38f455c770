import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { PeopleService } from './people.service.js';

/** Keeps the projection of people in step with the directory. */
@Controller()
export class PeopleConsumer {
  constructor(private readonly people: PeopleService) {}

  @OnEvents('people', 'person.changed')
  async refresh(@Payload() events: EventOf<'person.changed'>[], @Ctx() context: BatchContext): Promise<void> {
    await this.people.refresh(
      context.manager,
      events.map(({ data }) => data.personId),
    );
  }
}
