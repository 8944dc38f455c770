import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, Pollers } from '#libs/platform';

const HOUR_MS = 3_600_000;
const BATCH = 10_000;
/** The hash of a visitor changes at midnight; a journal may be a day late. */
const KEPT_MS = 48 * HOUR_MS;

/** Forgets the visitors of days gone by. */
@Injectable()
export class Visitors implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'visitors of links', work: () => this.forget(), everyMs: HOUR_MS });
  }

  /** Forgets a batch; returns how many. */
  async forget(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    let forgotten = 0;
    for (const table of ['click_visitors', 'trapped_visitors', 'own_visitors']) {
      const [, gone]: [unknown, number] = await this.database.query(
        `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE at < $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`,
        [before],
      );
      forgotten += gone;
    }
    return forgotten;
  }
}
