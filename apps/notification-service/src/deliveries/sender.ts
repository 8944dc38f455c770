import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, ENV, LOGGER, Pollers, newId } from '#libs/platform';
import type { Logger, Poller } from '#libs/platform';
import type { Env } from '../env.js';
import {
  LEASE_SECONDS,
  claimDue,
  isStopped,
  nextDue,
  releaseClaims,
  renewClaims,
  storeSettlements,
  takeAbandoned,
} from './claims.query.js';
import type { Claim } from './claims.query.js';
import { settleUnknown } from './delivery.js';
import type { ClaimedDelivery } from './delivery.js';
import { Flights } from './flights.js';
import { Letters } from './letters.js';
import { Templates } from '../templates/templates.service.js';

const BATCH = 100;
/** So many batches are put into words at a time: while the letters of one are written, the next is looked up. */
const PREPARED = 2;
/** So many deliveries in our hands at a time: enough that a slow server keeps nobody waiting, few enough for the memory. */
const IN_HAND = 500;
/** So many more when they are urgent: slow servers keep those waiting least of all. */
const RESERVED = 100;
/** With our hands full, a lane keeps so many that wait; the others are given back and claimed again once it has room. */
const LANE_KEEPS = 20;
/** How long the end of the process waits for answers of mail servers. */
const PATIENCE_MS = 8_000;

/**
 * Carries out deliveries: claim (committed), write, send; the next batch does not wait for the answers to this one.
 * A crash in between leaves rows in `sending`; they are found, repeated once with the same Message-ID, and then ambiguous.
 */
@Injectable()
export class Sender implements OnModuleInit, OnModuleDestroy {
  private poller!: Poller;
  /** For whoever looks at the rows; each life has another, for a second start must not take over what the first has on its way. */
  private readonly name: string;
  private renewal: NodeJS.Timeout | undefined;
  private ending = false;
  private readonly preparing = new Set<Promise<void>>();
  private failure: Error | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly letters: Letters,
    private readonly flights: Flights,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
    private readonly templates: Templates,
    @Inject(ENV) env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.name = `${hostname()}:${env.PORT}:${newId()}`;
  }

  onModuleInit(): void {
    this.flights.from({ owner: this.name, release: (batch) => this.release(batch), noted: this.hint });
    this.renewal = setInterval(() => this.renew(), (LEASE_SECONDS * 1000) / 4).unref();
    this.poller = this.pollers.add({
      name: 'mail',
      work: () => this.work(),
      nextDue: () => nextDue(this.database.manager),
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.ending = true;
    clearInterval(this.renewal);
    await this.flights.close(PATIENCE_MS);
  }

  /** There may be something to send. An arrow, so that `afterCommit` knows it as one. */
  readonly hint = (): void => this.poller.hint();

  /** Takes over what was abandoned, then launches one batch; returns how many deliveries moved. */
  async work(): Promise<number> {
    const recovered = await this.recover();
    const room = IN_HAND - this.flights.ids.length;
    // The next result that is noted wakes us.
    if (this.ending || room + RESERVED <= 0) return recovered;
    if (room < BATCH) this.flights.shed(LANE_KEEPS);
    const batch = await this.database.transaction((manager) => claimDue(manager, this.claimFor(room)));
    if (batch.length > 0) await this.prepare(batch);
    else await this.heedStop();
    return recovered + batch.length;
  }

  private claimFor(room: number): Claim {
    return {
      by: this.name,
      now: this.clock.now(),
      limit: Math.min(BATCH, room + RESERVED),
      plain: room < BATCH ? 0 : BATCH,
      busy: this.flights.busy,
      topics: this.templates.topics(),
    };
  }

  /** What waits for a server is held back as well, in every replica: each looks by itself. */
  private async heedStop(): Promise<void> {
    if (this.flights.busy.length > 0 && (await isStopped(this.database.manager))) this.flights.shed(0);
  }

  /** Begins with a batch, and waits only while others are being written already. Throws what an earlier one has met. */
  private async prepare(batch: ClaimedDelivery[]): Promise<void> {
    const prepared = this.carryOut(batch)
      .catch((error: Error) => void (this.failure ??= error))
      .finally(() => this.preparing.delete(prepared));
    this.preparing.add(prepared);
    if (this.preparing.size >= PREPARED || batch.length < BATCH) await Promise.race(this.preparing);
    const { failure } = this;
    this.failure = null;
    if (failure) throw failure;
  }

  private async recover(): Promise<number> {
    const count = await this.database.transaction(async (manager) => {
      const abandoned = await takeAbandoned(manager, this.flights.ids);
      const reason = 'the process stopped between sending and noting the result';
      const settled = abandoned.map((row) => ({
        id: row.id,
        ...settleUnknown(row, reason, this.clock.now()),
      }));
      if (settled.length > 0) await storeSettlements(manager, settled, this.clock.now(), null);
      return settled.length;
    });
    if (count > 0)
      this.logger.warn({ deliveries: count }, 'deliveries were found in flight without an owner');
    return count;
  }

  /** Keeps alive what is in our hands longer than a lease. */
  private renew(): void {
    const { ids } = this.flights;
    if (ids.length === 0) return;
    renewClaims(this.database.manager, this.name, ids).catch((error: Error) =>
      this.logger.warn({ err: error }, 'claims were not renewed'),
    );
  }

  private async carryOut(batch: ClaimedDelivery[]): Promise<void> {
    this.flights.hold(batch);
    const { parcels, outcomes } = await this.letters.write(batch).catch(async (error: unknown) => {
      await this.release(batch).finally(() => this.flights.letGo(batch));
      throw error;
    });
    this.flights.land(outcomes);
    for (const parcel of parcels) this.flights.launch(parcel);
  }

  private release(batch: readonly ClaimedDelivery[]): Promise<void> {
    const ids = batch.map(({ id }) => id);
    return releaseClaims(this.database.manager, this.name, ids);
  }
}
