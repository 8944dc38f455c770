import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import * as query from './run-stream.query.js';
import type { Change } from './run-stream.query.js';

const LOOK_MS = 1_000;
const HEARTBEAT_MS = 15_000;
const PAGE = 1_000;
const MAX_LISTENERS = 200;
/** A transaction that is open for longer holds up nobody: what it writes may then be missed. */
const PATIENCE_MS = 10_000;

/** Somebody who watches: what for, and where to. */
export interface Listener {
  workflow: string | null;
  personId: string | null;
  /** False when the other side does not keep up, or has gone. */
  write: (text: string) => boolean;
  end: () => void;
}

/**
 * Tells listeners of every turn of every run, in the order of their numbers and none left out: numbers are given before their
 * transaction commits, so a look waits for the transactions that were under way. One look a second, shared by all; none while
 * nobody listens.
 */
@Injectable()
export class RunStream implements OnModuleDestroy {
  private readonly admitted = new Set<Listener>();
  /** Those of the admitted who have been told all up to `told`. */
  private readonly live = new Set<Listener>();
  private told = 0;
  private beginning: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private beaten = performance.now();
  private closed = false;

  constructor(
    private readonly database: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleDestroy(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const listener of this.admitted) this.leave(listener, true);
  }

  /** Lets somebody in, who hears nothing yet. Throws `too_many_listeners`. */
  admit(listener: Listener): void {
    if (this.closed || this.admitted.size >= MAX_LISTENERS)
      throw new DomainError(
        'too_many_listeners',
        503,
        `At most ${MAX_LISTENERS} may listen at once; try later.`,
      );
    this.admitted.add(listener);
  }

  /** Tells what has come after the turn with the number `after`, then what comes; without a number only that. */
  async listen(listener: Listener, after: number | null): Promise<void> {
    this.beginning ??= this.begin();
    await this.beginning;
    for (let from = after ?? this.told; from < this.told && this.admitted.has(listener);) {
      const upTo = this.told;
      const changes = await query.readChanges(this.database.manager, from, upTo, PAGE);
      this.tell([listener], changes);
      from = changes.length < PAGE ? upTo : changes.at(-1)!.seq;
    }
    if (this.admitted.has(listener)) this.live.add(listener);
  }

  leave(listener: Listener, isOver = false): void {
    this.admitted.delete(listener);
    this.live.delete(listener);
    if (isOver) listener.end();
    if (this.admitted.size > 0) return;
    clearTimeout(this.timer);
    this.beginning = null;
  }

  private async begin(): Promise<void> {
    this.told = await this.settledSeq();
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.closed || this.admitted.size === 0) return;
    this.timer = setTimeout(() => {
      void this.look()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'the live stream could not look'))
        .finally(() => this.schedule());
    }, LOOK_MS);
  }

  private async look(): Promise<void> {
    const settled = await this.settledSeq();
    while (this.told < settled && this.admitted.size > 0) {
      const changes = await query.readChanges(this.database.manager, this.told, settled, PAGE);
      this.told = changes.length < PAGE ? settled : changes.at(-1)!.seq;
      this.tell([...this.live], changes);
    }
    if (performance.now() - this.beaten > HEARTBEAT_MS) this.beat();
  }

  /** A number up to which every turn is stored or will never be. */
  private async settledSeq(): Promise<number> {
    const { manager } = this.database;
    // First the number, then the transactions: whoever had a number by then has begun by now.
    const seq = await query.lastSeq(manager);
    const first = await query.transactions(manager);
    let { oldest } = first;
    for (const begun = performance.now(); oldest < first.next && performance.now() - begun < PATIENCE_MS;) {
      await pause(50);
      ({ oldest } = await query.transactions(manager));
    }
    return seq;
  }

  private tell(listeners: readonly Listener[], changes: readonly Change[]): void {
    for (const listener of listeners) {
      const own = changes.filter((change) => isMeant(listener, change));
      // Who cannot keep up comes back later and reads on from where they were.
      if (own.length > 0 && !listener.write(own.map(frameOf).join(''))) this.leave(listener, true);
    }
  }

  private beat(): void {
    this.beaten = performance.now();
    for (const listener of this.live) if (!listener.write(': still here\n\n')) this.leave(listener, true);
  }
}

const isMeant = ({ workflow, personId }: Listener, change: Change): boolean =>
  (workflow === null || change.workflow === workflow) && (personId === null || change.personId === personId);

function frameOf({ seq, ...change }: Change): string {
  return `id: ${seq}\nevent: run\ndata: ${JSON.stringify(change)}\n\n`;
}
