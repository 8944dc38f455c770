import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Clock, newId } from '#libs/platform';
import type { Caller } from '#libs/platform';

/** A change somebody made. */
export interface Change {
  who: Caller;
  /** A verb: publish, apply, cancel. */
  action: string;
  /** What was changed: `workflow invite-reminders`, `programme`. */
  what: string;
  before: unknown;
  after: unknown;
}

/** Which changes to look at. */
export interface AuditFilter {
  what?: string | undefined;
  who?: string | undefined;
  limit: number;
}

/** Who changed what, when, from what and to what; a line commits with the change it tells of. */
@Injectable()
export class Audit {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async note(manager: EntityManager, { who, action, what, before, after }: Change): Promise<void> {
    await manager.query(
      `INSERT INTO audit (id, at, who, action, what, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [newId(), this.clock.now(), whoWords(who), action, what, json(before), json(after)],
    );
  }

  /** Newest first; `who` is the name of a key or its id. */
  list({ what, who, limit }: AuditFilter): Promise<object[]> {
    return this.database.query(
      `SELECT id, at, who, action, what, before, after FROM audit
       WHERE ($1::text IS NULL OR what = $1) AND ($2::text IS NULL OR who = $2 OR starts_with(who, $2 || ' (') OR who LIKE '%(' || $3 || ')')
       ORDER BY seq DESC LIMIT $4`,
      [what ?? null, who ?? null, who?.replaceAll(/[%_\\]/g, String.raw`\$&`) ?? null, limit],
    );
  }
}

/** Keys may share a name; the id tells them apart. */
export const whoWords = ({ name, keyId }: Caller): string => `${name} (${keyId})`;

const json = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value);
