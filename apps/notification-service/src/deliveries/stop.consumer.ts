import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { OnEvents } from '#libs/messaging';
import type { BatchContext } from '#libs/messaging';
import { afterCommit } from '#libs/platform';
import { Sender } from './sender.js';

/** The one big stop button holds back mails that are wanted already, too. */
@Controller()
export class StopConsumer {
  constructor(private readonly sender: Sender) {}

  /** Of two the one with the higher revision holds, in whichever order they come. */
  @OnEvents('stop', 'programme.stopped')
  async on(
    @Payload() events: EventOf<'programme.stopped'>[],
    @Ctx() { manager }: BatchContext,
  ): Promise<void> {
    const last = events
      .map(({ data }) => data)
      .toSorted((a, b) => a.revision - b.revision)
      .at(-1)!;
    await manager.query(
      `INSERT INTO programme_stop (stopped, revision) VALUES ($1, $2)
       ON CONFLICT (one) DO UPDATE SET stopped = EXCLUDED.stopped, revision = EXCLUDED.revision
       WHERE programme_stop.revision < EXCLUDED.revision`,
      [last.stopped, last.revision],
    );
    afterCommit(manager, this.sender.hint);
  }
}
