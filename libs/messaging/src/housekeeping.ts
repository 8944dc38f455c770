import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Pollers } from '#libs/platform';
import { RETENTION_DAYS } from './stream.js';

const HOUR_MS = 3_600_000;
const BATCH = 5_000;
/** Far longer than any event can still come again: the stream and the outboxes forget after a week. */
const INBOX_DAYS = 35;

/**
 * Drops what messaging needs no more: published events past the window a wiped stream is refilled from, and old inbox rows.
 * By the database's own time, as both are transport and not the programme's.
 */
@Injectable()
export class Housekeeping implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'messaging housekeeping', work: () => this.sweep(), everyMs: HOUR_MS });
  }

  /** Drops one batch of each; returns how many rows went. */
  async sweep(): Promise<number> {
    const outbox = `SELECT ctid FROM outbox WHERE kept_since < clock_timestamp() - interval '${RETENTION_DAYS} days'
      AND NOT EXISTS (SELECT FROM outbox_pending pending WHERE pending.seq = outbox.seq) LIMIT ${BATCH}`;
    const inbox = `SELECT ctid FROM inbox WHERE handled_at < clock_timestamp() - interval '${INBOX_DAYS} days' LIMIT ${BATCH}`;
    const [, published]: [unknown, number] = await this.database.query(
      `DELETE FROM outbox WHERE ctid = ANY(ARRAY(${outbox}))`,
    );
    const [, handled]: [unknown, number] = await this.database.query(
      `DELETE FROM inbox WHERE ctid = ANY(ARRAY(${inbox}))`,
    );
    return published + handled;
  }
}
