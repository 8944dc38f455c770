import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, Pollers } from '#libs/platform';
import { PublicationsService } from './publications.service.js';

const BATCH = 500;

/** Does what falls due: scheduled posts come out, evergreen ones come again, and those whose time is over expire; each exactly once. */
@Injectable()
export class DueService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly publications: PublicationsService,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pollers.add({
      name: 'library',
      work: () => this.work(),
      nextDue: () => this.nextDue(),
      everyMs: 5_000,
    });
  }

  /** What expires now does not come again first. */
  private work(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const expired = await this.expire(manager);
      const scheduled = await this.due(manager, `status = 'scheduled' AND publish_at <= $1`);
      const repeated = await this.due(manager, `status = 'published' AND next_repeat_at <= $1`);
      return (
        expired +
        (await this.publications.bringOut(manager, scheduled, ['scheduled'])) +
        (await this.publications.bringOut(manager, repeated, ['published']))
      );
    });
  }

  /** Locked, so that no other replica takes them as well. */
  private async due(manager: EntityManager, condition: string): Promise<string[]> {
    const rows: { id: string }[] = await manager.query(
      `SELECT id FROM posts WHERE ${condition} ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      [this.clock.now()],
    );
    return rows.map(({ id }) => id);
  }

  private async expire(manager: EntityManager): Promise<number> {
    const over = await this.due(manager, `status = 'published' AND expires_at <= $1`);
    if (over.length > 0)
      await manager.query(
        `UPDATE posts SET status = 'expired', next_repeat_at = NULL WHERE id = ANY($1::uuid[])`,
        [over],
      );
    return over.length;
  }

  private async nextDue(): Promise<Date | null> {
    const [row]: { due: Date | null }[] = await this.database.query(
      `SELECT LEAST(
         (SELECT min(publish_at) FROM posts WHERE status = 'scheduled'),
         (SELECT min(next_repeat_at) FROM posts WHERE status = 'published'),
         (SELECT min(expires_at) FROM posts WHERE status = 'published')) AS due`,
    );
    return row!.due;
  }
}
