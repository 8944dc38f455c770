import { Inject, Injectable } from '@nestjs/common';
import { Clock, ENV, LOGGER, Pollers } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { Channels } from '../channels/channels.service.js';
import { Pacing } from '../pacing/pacing.service.js';
import { settle } from './delivery.js';
import type { ClaimedDelivery, Outcome } from './delivery.js';
import { Lanes, LanesClosed } from './lanes.js';
import type { Pace } from './lanes.js';
import { Results } from './results.js';
import type { Parcel } from './writing.js';

/**
 * Results are noted together: those that come within so many milliseconds, and all that come while others are noted. When many mails
 * are on their way nobody waits for a single one, and each time costs a transaction.
 */
const GATHER_MS = 10;
const GATHER_MANY_MS = 120;
const MANY = 100;
/** Of so many connections, some stay free for other domains. */
const SHARE = 0.8;

/** What is done with deliveries whose mail was not begun when the process has to end, and once results are noted. */
export interface Ground {
  owner: string;
  release: (deliveries: readonly ClaimedDelivery[]) => Promise<void>;
  noted: () => void;
}

/** Mails on their way to the server, and the noting of how they arrived. No mail waits for the answer to another. */
@Injectable()
export class Flights {
  private readonly claimed = new Map<string, ClaimedDelivery>();
  private readonly lanes = new Lanes((lane) => this.paceOf(lane));
  private landed: { delivery: ClaimedDelivery; outcome: Outcome }[] = [];
  private noting = false;
  private ground!: Ground;
  private done = 0;
  private closed = false;

  constructor(
    private readonly channels: Channels,
    private readonly results: Results,
    private readonly pacing: Pacing,
    private readonly clock: Clock,
    pollers: Pollers,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const measure = () => Promise.resolve({ waiting: this.claimed.size, done: this.done });
    pollers.watch({ name: 'mails on their way', measure });
  }

  /** Tells where results go; once, before anything is launched. */
  from(ground: Ground): void {
    this.ground = ground;
  }

  /** Ids of deliveries that are claimed and not yet noted. */
  get ids(): string[] {
    return [...this.claimed.keys()];
  }

  get busyDomains(): string[] {
    return this.lanes.busy();
  }

  /** These are in our hands until their results are noted. */
  hold(deliveries: readonly ClaimedDelivery[]): void {
    for (const delivery of deliveries) this.claimed.set(delivery.id, delivery);
  }

  /** They are in our hands no longer. */
  letGo(deliveries: readonly ClaimedDelivery[]): void {
    for (const { id } of deliveries) this.claimed.delete(id);
  }

  /** Sends a message as soon as its lane has room. */
  launch({ dispatch, deliveries }: Parcel): void {
    this.lanes
      .run(this.channels.laneOf(dispatch), () => this.channels.send(dispatch))
      .then((outcome) => this.land(deliveries.map((delivery) => ({ delivery, outcome }))))
      .catch((error: unknown) => this.ended(deliveries, error));
  }

  /** Takes outcomes to be noted. */
  land(landed: readonly { delivery: ClaimedDelivery; outcome: Outcome }[]): void {
    this.landed.push(...landed);
    if (this.landed.length === 0 || this.noting) return;
    this.noting = true;
    void this.note();
  }

  /** Begins nothing more, and waits so many milliseconds for what has begun. */
  async close(patienceMs: number): Promise<void> {
    this.closed = true;
    this.lanes.close();
    const until = performance.now() + patienceMs;
    while (this.claimed.size > 0 && performance.now() < until) await pause(GATHER_MS);
  }

  private paceOf(lane: string): Pace {
    const { domains } = this.pacing.settings;
    const named = Object.hasOwn(domains, lane) ? domains[lane] : domains['*'];
    return (
      this.channels.paceOf(lane) ??
      named ?? { concurrent: Math.max(1, Math.floor(this.env.SMTP_CONNECTIONS * SHARE)) }
    );
  }

  private async note(): Promise<void> {
    if (!this.closed) await pause(this.claimed.size >= MANY ? GATHER_MANY_MS : GATHER_MS);
    while (this.landed.length > 0) {
      const landed = this.landed.splice(0);
      const deliveries = landed.map(({ delivery }) => delivery);
      const now = this.clock.now();
      const settled = landed.map(({ delivery, outcome }) => ({
        id: delivery.id,
        templateVersion: delivery.templateVersion,
        ...settle(delivery, outcome, now),
      }));
      const gone = landed.flatMap(({ delivery: { personId }, outcome }) =>
        personId !== null && outcome.kind === 'failed' && outcome.gone ? [{ personId, ...outcome.gone }] : [],
      );
      await this.results
        .note(this.ground.owner, deliveries, settled, gone)
        // Their claims run out, and whoever finds them then treats them as sent or not sent, nobody knows.
        .catch((err: unknown) =>
          this.logger.error({ err, deliveries: deliveries.length }, 'results are lost'),
        );
      this.letGo(deliveries);
      this.done += deliveries.length;
      this.ground.noted();
    }
    this.noting = false;
  }

  private async ended(deliveries: readonly ClaimedDelivery[], error: unknown): Promise<void> {
    if (!(error instanceof LanesClosed)) this.logger.error({ err: error }, 'a mail was not sent');
    await this.ground
      .release(deliveries)
      .catch((err: unknown) => this.logger.warn({ err }, 'claims were not given back; they run out'));
    this.letGo(deliveries);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
