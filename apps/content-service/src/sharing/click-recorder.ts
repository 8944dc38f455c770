import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { insertClicks, markRepeats } from './clicks.query.js';
import type { Click } from './clicks.query.js';
import type { Network } from './networks.js';

const BATCH = 500;

interface Waiting {
  click: Click;
  settle: () => void;
}

/**
 * Group commit: clicks that arrive while a batch is being written share the next transaction.
 * `record` resolves when the click is durable, so no click that was answered can be lost by a kill.
 */
@Injectable()
export class ClickRecorder implements OnModuleDestroy {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never rejects: the visitor is sent on even when the database is away, and the log says what was lost. */
  record(click: Click): Promise<void> {
    return new Promise((settle) => {
      this.waiting.push({ click, settle });
      this.writing ??= new Promise<void>((resolve) => setImmediate(resolve))
        .then(() => this.writeAll())
        .finally(() => (this.writing = null));
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      await this.write(batch.map(({ click }) => click));
      for (const { settle } of batch) settle();
    }
  }

  private async write(clicks: Click[]): Promise<void> {
    try {
      await this.database.transaction(async (manager) => {
        await markRepeats(manager, clicks);
        await insertClicks(manager, clicks);
        await this.outbox.add(manager, clicks.map(linkClicked));
      });
    } catch (error) {
      this.logger.error(
        { err: error, clicks: clicks.length },
        'clicks could not be recorded; their visitors were sent on',
      );
    }
  }
}

const linkClicked = ({ id, shareId, postId, personId, network, reasons, at }: Click): NewEvent =>
  event(
    'link.clicked',
    {
      clickId: id,
      shareId,
      postId,
      personId,
      network: network as Network,
      credible: reasons.length === 0,
      reasons,
    },
    { id, time: at },
  );
