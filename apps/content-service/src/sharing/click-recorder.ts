import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox, event, isInfrastructure } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { insertClicks, markRepeats } from './clicks.query.js';
import type { Click } from './clicks.query.js';
import type { Network } from './networks.js';

const BATCH = 500;
/** Two deadlocked batches, or a database that restarts, are over soon. */
const PAUSES_MS = [20, 80, 250, 500, 900];
/** No visitor waits longer for a click to be stored. */
const PATIENCE_MS = 2_000;

interface Waiting {
  click: Click;
  /** When the visitor began to wait, on the process's own clock. */
  since: number;
  settle: () => void;
}

/**
 * Group commit: clicks that arrive while a batch is being written share the next transaction.
 * `record` resolves when the click is durable: as long as the database answers, no click that was answered can be lost by a kill.
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

  /** Never rejects: the visitor is sent on within two seconds even when the database is away, and the log says what was lost. */
  record(click: Click): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      const settle = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.push({ click, since: performance.now(), settle });
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
      await this.write(batch);
      for (const { settle } of batch) settle();
    }
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const until = batch[0]!.since + PATIENCE_MS;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.store(batch.map(({ click }) => click));
      } catch (error) {
        const next = PAUSES_MS[attempt];
        if (next === undefined || !isInfrastructure(error) || performance.now() + next > until)
          return this.giveUp(batch, error);
        await pause(next);
      }
    }
  }

  private async store(given: readonly Click[]): Promise<void> {
    // Copies: marking repeats changes them, and a try that failed must leave no mark for the next.
    const clicks = given.map((click) => ({ ...click, reasons: [...click.reasons] }));
    await this.database.transaction(async (manager) => {
      await markRepeats(manager, clicks);
      await insertClicks(manager, clicks);
      await this.outbox.add(manager, clicks.map(linkClicked));
    });
  }

  private giveUp(batch: readonly Waiting[], error: unknown): void {
    this.logger.error(
      { err: error, clicks: batch.length },
      'clicks could not be recorded; their visitors were sent on',
    );
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
