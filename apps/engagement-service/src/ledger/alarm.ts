import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { LOGGER, Metrics, afterCommit, stableId } from '#libs/platform';
import type { Counter, Logger } from '#libs/platform';
import type { LedgerDifference, LedgerJob } from './ledger.js';

/** Says aloud that something kept beside the ledger does not agree with it: a metric, an error in the log, an event for workflows. */
@Injectable()
export class LedgerAlarm {
  private readonly counter: Counter;

  constructor(
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.counter = metrics.counter({
      name: 'laurel_ledger_differences_total',
      help: 'Differences between the ledger and what is kept beside it.',
      labels: ['what'],
    });
  }

  /** Once for each page of a check that found something. */
  async raise(
    manager: EntityManager,
    job: LedgerJob,
    differences: readonly LedgerDifference[],
  ): Promise<void> {
    if (differences.length === 0) return;
    const data = { verificationId: job.id, differences: differences.length };
    const id = stableId('ledger.difference', job.id, job.cursor ?? '');
    await this.outbox.add(manager, [event('ledger.difference', data, { id })]);
    afterCommit(manager, () => {
      for (const { what } of differences) this.counter.add([what.split(' ')[0]!]);
      this.logger.error(
        data,
        'the ledger and what is kept of it differ; see /engagement/points/verifications',
      );
    });
  }
}
