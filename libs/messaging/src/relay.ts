import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Namespace } from '#libs/contracts';
import { LOGGER, Pollers, Readiness } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { NATS } from './nats.js';
import { Outbox } from './outbox.js';
import { publishBatch } from './publisher.js';
import type { Outgoing } from './publisher.js';
import { RETENTION_DAYS, ensureStream } from './stream.js';

const BATCH = 1_000;
/** A stream may be lost over a live connection too, and a consumer makes the next one before we can miss it. */
const RECHECK_MS = 2_000;

/**
 * Carries events from the outbox to the stream, in any number of replicas.
 * Claiming by status with SKIP LOCKED cannot skip a row that commits late, as a cursor over ids would.
 */
@Injectable()
export class Relay implements OnModuleInit {
  private connected = true;
  /** When the stream we publish to was made; null while it is to be checked at once: a reconnect may have brought another, empty one. */
  private stream: string | null = null;
  private checkAgainAt = 0;

  constructor(
    private readonly database: DataSource,
    @Inject(NATS) private readonly connection: NatsConnection,
    private readonly namespace: Namespace,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly outbox: Outbox,
    private readonly pollers: Pollers,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    const poller = this.pollers.add({ name: 'outbox relay', work: () => this.relay() });
    this.outbox.onAdded(() => poller.hint());
    this.pollers.watch({ name: 'outbox', measure: async () => ({ waiting: await this.waiting(), done: 0 }) });
    this.readiness.add('nats', () => this.connected);
    void this.watchConnection();
  }

  private async watchConnection(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.connected = false;
      if (status.type !== 'reconnect') continue;
      this.connected = true;
      this.stream = null;
    }
  }

  /** Relays one batch; returns how many events the broker has taken. */
  async relay(): Promise<number> {
    if (!this.connected) return 0;
    const stream = await this.currentStream();
    const taken = await this.database.transaction((manager) => this.relayBatch(manager, stream));
    if (taken >= 0) return taken;
    this.stream = null;
    throw new Error('the broker did not store a batch; it is sent again');
  }

  /** Returns -1 when nothing of a non-empty batch was stored, or another replica has met a newer stream. */
  private async relayBatch(manager: EntityManager, stream: string): Promise<number> {
    if (!(await isStill(manager, stream))) return -1;
    const batch = await claim(manager);
    if (batch.length === 0) return 0;
    const stored = await publishBatch(this.connection, batch);
    await markTold(
      manager,
      batch.filter(({ id }) => stored.has(id)),
    );
    return stored.size > 0 ? stored.size : -1;
  }

  private async currentStream(): Promise<string> {
    // Real time on purpose: a virtual clock that stands still must not hide a lost stream.
    if (this.stream !== null && performance.now() < this.checkAgainAt) return this.stream;
    const { created } = await ensureStream(this.connection, this.namespace);
    if (created !== this.stream) await this.refill(created);
    this.checkAgainAt = performance.now() + RECHECK_MS;
    this.stream = created;
    return created;
  }

  /** A stream we have not met before is empty: the retained window of the outbox is published again. */
  private async refill(created: string): Promise<void> {
    const prefix = this.namespace.event('');
    const rearmed = await this.database.transaction((manager) => rearm(manager, created, prefix));
    if (rearmed > 0)
      this.logger.warn({ events: rearmed }, 'the stream is a new one: publishing the retained outbox again');
  }

  /** Events the broker does not have yet, whichever replica is to bring them. */
  private async waiting(): Promise<number> {
    const [row]: [{ waiting: number }] = await this.database.query(
      `SELECT count(*) AS waiting FROM outbox_pending`,
    );
    return row.waiting;
  }
}

/**
 * Held until the batch is marked: a replica that finds the stream lost waits for the mark, and takes it back with the others.
 * The commit need not wait for the disk: a mark that a crash of the database forgets brings the event to the broker once more.
 */
async function isStill(manager: EntityManager, stream: string): Promise<boolean> {
  const rows: object[] = await manager.query(
    `SELECT set_config('synchronous_commit', 'off', true) FROM relay_state WHERE stream_created = $1 FOR SHARE`,
    [stream],
  );
  return rows.length > 0;
}

/** An event the broker does not have yet; `late` when it has waited for longer than an hour. */
interface Pending extends Outgoing {
  seq: number;
  late: boolean;
}

/** The oldest; the array hides from the planner how many they are, which would rather read the whole outbox. */
async function claim(manager: EntityManager): Promise<Pending[]> {
  return manager.query(
    `SELECT seq, event_id AS id, subject, envelope AS payload, kept_since < clock_timestamp() - interval '1 hour' AS late
     FROM outbox WHERE event_id = ANY(ARRAY(
       SELECT event_id FROM outbox_pending ORDER BY seq LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
     )) ORDER BY seq`,
  );
}

/** What was told late begins its time in the window from which a wiped stream is refilled anew, as it does in the stream. */
async function markTold(manager: EntityManager, told: readonly Pending[]): Promise<void> {
  await manager.query(`DELETE FROM outbox_pending WHERE seq = ANY($1::bigint[])`, [
    told.map(({ seq }) => seq),
  ]);
  const late = told.flatMap((item) => (item.late ? [item.id] : []));
  if (late.length > 0)
    await manager.query(`UPDATE outbox SET kept_since = clock_timestamp() WHERE event_id = ANY($1::uuid[])`, [
      late,
    ]);
}

const RETAINED = `kept_since > clock_timestamp() - interval '${RETENTION_DAYS} days'`;
const TO_TELL_AGAIN = `(${RETAINED} OR event_id IN (SELECT event_id FROM outbox_pending))`;

/** The subjects follow too: the stream may be new because the namespace is. */
async function rearm(manager: EntityManager, created: string, prefix: string): Promise<number> {
  const known: { stream_created: string }[] = await manager.query(
    `SELECT stream_created FROM relay_state FOR UPDATE`,
  );
  if (known[0]?.stream_created === created) return 0;
  await manager.query(
    `INSERT INTO relay_state (one, stream_created) VALUES (true, $1)
     ON CONFLICT (one) DO UPDATE SET stream_created = EXCLUDED.stream_created`,
    [created],
  );
  await manager.query(
    `UPDATE outbox SET subject = regexp_replace(subject, '^[a-z0-9_]+[.]evt[.]', $1)
     WHERE NOT starts_with(subject, $1) AND ${TO_TELL_AGAIN}`,
    [prefix],
  );
  const rearmed: object[] = await manager.query(
    `INSERT INTO outbox_pending (seq, event_id) SELECT seq, event_id FROM outbox WHERE ${RETAINED}
     ON CONFLICT DO NOTHING RETURNING seq`,
  );
  return known.length > 0 ? rearmed.length : 0;
}
