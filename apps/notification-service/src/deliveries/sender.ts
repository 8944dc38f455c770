import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, ENV, LOGGER, Pollers, newId } from '#libs/platform';
import type { Logger, Poller } from '#libs/platform';
import type { Env } from '../env.js';
import {
  LEASE_SECONDS,
  claimDue,
  nextDue,
  releaseClaims,
  renewClaims,
  storeSettlements,
  takeAbandoned,
} from './claims.query.js';
import { settle, settleUnknown } from './delivery.js';
import type { ClaimedDelivery } from './delivery.js';
import { Letters } from './letters.js';
import { Mailer } from './mailer.js';
import { Results } from './results.js';

const BATCH = 100;

/**
 * Carries out deliveries: claim (committed), write, send, store the results.
 * A crash in between leaves rows in `sending`; they are found, repeated once with the same Message-ID, and then ambiguous.
 */
@Injectable()
export class Sender implements OnModuleInit {
  private poller!: Poller;
  private readonly name: string;
  /** Two processes cannot listen on one port of one host, so rows under our own name are from an earlier life of ours. */
  private formerSelf: string | null;

  constructor(
    private readonly database: DataSource,
    private readonly letters: Letters,
    private readonly mailer: Mailer,
    private readonly results: Results,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
    @Inject(ENV) env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.name = env.PORT === 0 ? newId() : `${hostname()}:${env.PORT}`;
    this.formerSelf = this.name;
  }

  onModuleInit(): void {
    this.poller = this.pollers.add({
      name: 'mail',
      work: () => this.work(),
      nextDue: () => nextDue(this.database.manager),
    });
  }

  /** There may be something to send. An arrow, so that `afterCommit` knows it as one. */
  readonly hint = (): void => this.poller.hint();

  /** Takes over what was abandoned, then carries out one batch; returns how many deliveries moved. */
  async work(): Promise<number> {
    const recovered = await this.recover();
    const batch = await this.database.transaction((manager) =>
      claimDue(manager, this.name, this.clock.now(), BATCH),
    );
    if (batch.length > 0) await this.whileClaimed(batch, () => this.carryOut(batch));
    return recovered + batch.length;
  }

  private async recover(): Promise<number> {
    const count = await this.database.transaction(async (manager) => {
      const abandoned = await takeAbandoned(manager, this.formerSelf);
      const reason = 'the process stopped between sending and noting the result';
      const settled = abandoned.map((row) => ({
        id: row.id,
        ...settleUnknown(row, reason, this.clock.now()),
      }));
      if (settled.length > 0) await storeSettlements(manager, settled, this.clock.now(), null);
      return settled.length;
    });
    this.formerSelf = null;
    if (count > 0)
      this.logger.warn({ deliveries: count }, 'deliveries were found in flight without an owner');
    return count;
  }

  private async whileClaimed(batch: readonly ClaimedDelivery[], work: () => Promise<void>): Promise<void> {
    const ids = batch.map(({ id }) => id);
    const renew = (): void => {
      renewClaims(this.database.manager, this.name, ids).catch((error: Error) =>
        this.logger.warn({ err: error }, 'claims were not renewed'),
      );
    };
    const timer = setInterval(renew, (LEASE_SECONDS * 1000) / 4);
    await work().finally(() => clearInterval(timer));
  }

  private async carryOut(batch: ClaimedDelivery[]): Promise<void> {
    const written = await this.letters.write(batch).catch(async (error: unknown) => {
      const ids = batch.map(({ id }) => id);
      await releaseClaims(this.database.manager, this.name, ids);
      throw error;
    });
    const outcomes = await Promise.all(
      written.map((item) => ('mail' in item ? this.mailer.send(item.mail) : Promise.resolve(item.outcome))),
    );
    const now = this.clock.now();
    await this.results.note(
      this.name,
      batch,
      batch.map((delivery, index) => ({ id: delivery.id, ...settle(delivery, outcomes[index]!, now) })),
    );
  }
}
