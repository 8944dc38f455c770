import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { LOGGER, Pollers, Readiness } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { NATS } from './nats.js';
import { Outbox } from './outbox.js';
import { publishBatch } from './publisher.js';
import type { Outgoing } from './publisher.js';
import { RETENTION_DAYS, ensureStream } from './stream.js';

const BATCH = 500;

/**
 * Carries events from the outbox to the stream, in any number of replicas.
 * Claiming by status with SKIP LOCKED cannot skip a row that commits late, as a cursor over ids would.
 */
@Injectable()
export class Relay implements OnModuleInit {
  private connected = true;
  /** A reconnect may have brought another, empty stream. */
  private streamChecked = false;

  constructor(
    private readonly database: DataSource,
    @Inject(NATS) private readonly connection: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly outbox: Outbox,
    private readonly pollers: Pollers,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    const poller = this.pollers.add({ name: 'outbox relay', work: () => this.relay() });
    this.outbox.onAdded(() => poller.hint());
    this.readiness.add('nats', () => this.connected);
    void this.watchConnection();
  }

  private async watchConnection(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.connected = false;
      if (status.type !== 'reconnect') continue;
      this.connected = true;
      this.streamChecked = false;
    }
  }

  /** Relays one batch; returns how many events the broker has taken. */
  async relay(): Promise<number> {
    if (!this.connected) return 0;
    if (!this.streamChecked) await this.checkStream();
    const taken = await this.database.transaction((manager) => this.relayBatch(manager));
    if (taken >= 0) return taken;
    this.streamChecked = false;
    throw new Error('the broker did not store a batch; it is sent again');
  }

  /** Returns -1 when nothing of a non-empty batch was stored. */
  private async relayBatch(manager: EntityManager): Promise<number> {
    const batch = await claim(manager);
    if (batch.length === 0) return 0;
    const stored = await publishBatch(this.connection, batch);
    await manager.query(`UPDATE outbox SET published_at = clock_timestamp() WHERE event_id = ANY($1::uuid[])`, [[...stored]]);
    return stored.size > 0 ? stored.size : -1;
  }

  /** A stream we have not met before is empty: the retained window of the outbox is published again. */
  private async checkStream(): Promise<void> {
    const { created } = await ensureStream(this.connection);
    const rearmed = await this.database.transaction((manager) => rearm(manager, String(created)));
    if (rearmed > 0) this.logger.warn({ events: rearmed }, 'the stream is a new one: publishing the retained outbox again');
    this.streamChecked = true;
  }
}

async function claim(manager: EntityManager): Promise<Outgoing[]> {
  return manager.query(
    `SELECT event_id AS id, subject, envelope AS payload FROM outbox
     WHERE published_at IS NULL ORDER BY seq LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
  );
}

async function rearm(manager: EntityManager, created: string): Promise<number> {
  const known: { stream_created: string }[] = await manager.query(`SELECT stream_created FROM relay_state FOR UPDATE`);
  if (known[0]?.stream_created === created) return 0;
  await manager.query(
    `INSERT INTO relay_state (one, stream_created) VALUES (true, $1)
     ON CONFLICT (one) DO UPDATE SET stream_created = EXCLUDED.stream_created`,
    [created],
  );
  const [, count]: [unknown, number] = await manager.query(
    `UPDATE outbox SET published_at = NULL WHERE published_at > clock_timestamp() - interval '${RETENTION_DAYS} days'`,
  );
  return known.length > 0 ? count : 0;
}
