import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, notFound, stableId } from '#libs/platform';

export interface DeadLetter {
  id: string;
  consumer: string;
  subject: string;
  payload: string;
  reason: string;
  at: Date;
  resolvedAt: Date | null;
}

const columns = `id, consumer, subject, payload, reason, at, resolved_at AS "resolvedAt"`;

/** Messages that could not be handled, kept whole with the reason until somebody decides. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The same message of the same consumer is one dead letter however often it comes; a later reason replaces the earlier. */
  async add(consumer: string, subject: string, payload: string, reason: string): Promise<void> {
    await this.database.query(
      `INSERT INTO dead_letters (id, consumer, subject, payload, reason, at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET reason = EXCLUDED.reason, at = EXCLUDED.at, resolved_at = NULL`,
      [stableId(consumer, subject, payload), consumer, subject, payload, reason, this.clock.now()],
    );
  }

  list(limit: number): Promise<DeadLetter[]> {
    return this.database.query(
      `SELECT ${columns} FROM dead_letters WHERE resolved_at IS NULL ORDER BY at DESC, id LIMIT $1`,
      [limit],
    );
  }

  async get(id: string): Promise<DeadLetter> {
    const [letter]: DeadLetter[] = await this.database.query(
      `SELECT ${columns} FROM dead_letters WHERE id = $1`,
      [id],
    );
    if (!letter) throw notFound('dead_letter', id);
    return letter;
  }

  async resolve(id: string): Promise<void> {
    await this.database.query(`UPDATE dead_letters SET resolved_at = $2 WHERE id = $1`, [
      id,
      this.clock.now(),
    ]);
  }
}
