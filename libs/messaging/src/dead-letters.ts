import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, notFound, stableId } from '#libs/platform';
import type { Caller } from '#libs/platform';

export interface DeadLetter {
  id: string;
  consumer: string;
  subject: string;
  payload: string;
  reason: string;
  at: Date;
  resolvedAt: Date | null;
  /** Whether it was handled after all or dropped, by whom, and why; null while nobody has decided. */
  resolution: 'retried' | 'dropped' | null;
  resolvedBy: string | null;
  resolvedReason: string | null;
}

/** Which of the open letters are meant. */
export interface LetterFilter {
  consumer?: string | undefined;
  subject?: string | undefined;
  /** Part of the reason. */
  error?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Who decided, and why. */
export interface Decided {
  resolution: 'retried' | 'dropped';
  who: Caller;
  reason: string | null;
}

const columns = `id, consumer, subject, payload, reason, at, resolved_at AS "resolvedAt", resolution, resolved_by AS "resolvedBy",
  resolved_reason AS "resolvedReason"`;
const MEANT = `resolved_at IS NULL AND ($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR subject = $2)
  AND ($3::text IS NULL OR position(lower($3) IN lower(reason)) > 0)
  AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at <= $5)`;
const meant = ({ consumer, subject, error, from, to }: LetterFilter): unknown[] =>
  [consumer, subject, error, from, to].map((value) => value ?? null);

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
       ON CONFLICT (id) DO UPDATE SET reason = EXCLUDED.reason, at = EXCLUDED.at, resolved_at = NULL, resolution = NULL,
         resolved_by = NULL, resolved_reason = NULL`,
      [stableId(consumer, subject, payload), consumer, subject, payload, reason, this.clock.now()],
    );
  }

  /** Open letters, newest first. */
  list(filter: LetterFilter, limit: number): Promise<DeadLetter[]> {
    return this.database.query(
      `SELECT ${columns} FROM dead_letters WHERE ${MEANT} ORDER BY at DESC, id LIMIT $6`,
      [...meant(filter), limit],
    );
  }

  /** How many open letters each consumer has. */
  count(filter: LetterFilter): Promise<{ consumer: string; count: number }[]> {
    return this.database.query(
      `SELECT consumer, count(*) AS count FROM dead_letters WHERE ${MEANT} GROUP BY 1 ORDER BY 1`,
      meant(filter),
    );
  }

  /** The ids of open letters, oldest first: as they came. */
  async ids(filter: LetterFilter, limit: number): Promise<string[]> {
    const rows: { id: string }[] = await this.database.query(
      `SELECT id FROM dead_letters WHERE ${MEANT} ORDER BY at, id LIMIT $6`,
      [...meant(filter), limit],
    );
    return rows.map(({ id }) => id);
  }

  async get(id: string): Promise<DeadLetter> {
    const [letter]: DeadLetter[] = await this.database.query(
      `SELECT ${columns} FROM dead_letters WHERE id = $1`,
      [id],
    );
    if (!letter) throw notFound('dead_letter', id);
    return letter;
  }

  /** What was decided of open letters; of those decided already nothing changes. Returns how many there were. */
  async resolve(ids: readonly string[], { resolution, who, reason }: Decided): Promise<number> {
    const [, count]: [unknown, number] = await this.database.query(
      `UPDATE dead_letters SET resolved_at = $2, resolution = $3, resolved_by = $4, resolved_reason = $5
       WHERE id = ANY($1::uuid[]) AND resolved_at IS NULL`,
      [ids, this.clock.now(), resolution, `${who.name} (${who.keyId})`, reason],
    );
    return count;
  }
}
