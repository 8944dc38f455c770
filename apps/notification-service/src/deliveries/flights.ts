import { Inject, Injectable } from '@nestjs/common';
import { Clock, ENV, LOGGER, Pollers } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { Channels } from '../channels/channels.service.js';
import { Pacing } from '../pacing/pacing.service.js';
import { settle } from './delivery.js';
import type { ClaimedDelivery, Outcome } from './delivery.js';
import { Lanes, NotBegun } from './lanes.js';
import type { Pace } from './lanes.js';
import { Results } from './results.js';
import type { Result } from './results.js';
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

/** How a delivery ended; `lead` is the first of those that went as one mail. */
interface Landed {
  delivery: ClaimedDelivery;
  outcome: Outcome;
  lead?: ClaimedDelivery | undefined;
}

/** What is done with deliveries whose mail was not begun, and once something of what is in our hands has left them. */
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
  private landed: Landed[] = [];
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

  /** Lanes that something waits for. */
  get busy(): string[] {
    return this.lanes.busy();
  }

  /** Gives back what waits in a lane beyond so many. */
  shed(keep: number): void {
    this.lanes.shed(keep);
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
    const land = (outcome: Outcome): void =>
      this.land(deliveries.map((delivery) => ({ delivery, outcome, lead: deliveries[0] })));
    this.lanes
      .run(this.channels.laneOf(dispatch), () => this.channels.send(dispatch))
      .then(land)
      .catch((error: unknown) =>
        error instanceof NotBegun ? this.giveBack(deliveries) : land(this.broken(error)),
      );
  }

  /** Takes outcomes to be noted. */
  land(landed: readonly Landed[]): void {
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
    this.results.end();
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
      await this.results.note(this.ground.owner, this.resultsOf(landed));
      this.letGo(deliveries);
      this.done += deliveries.length;
      this.ground.noted();
    }
    this.noting = false;
  }

  private resultsOf(landed: readonly Landed[]): Result[] {
    const now = this.clock.now();
    return landed.map(({ delivery, outcome, lead }) => {
      const { id, personId, templateVersion } = delivery;
      const gone = personId !== null && outcome.kind === 'failed' ? outcome.gone : undefined;
      const settled = { id, templateVersion, ...settle(delivery, outcome, now, lead) };
      return { delivery, settled, gone: gone && { personId: personId!, ...gone } };
    });
  }

  /** Nothing of the kind is meant to happen; given back it would be due at once, again and again. */
  private broken(error: unknown): Outcome {
    this.logger.error({ err: error }, 'a mail was not sent');
    return { kind: 'later', reason: `a mistake of the program: ${(error as Error).name}` };
  }

  private async giveBack(deliveries: readonly ClaimedDelivery[]): Promise<void> {
    await this.ground
      .release(deliveries)
      .catch((err: unknown) => this.logger.warn({ err }, 'claims were not given back; they run out'));
    this.letGo(deliveries);
    this.ground.noted();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
