import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { notFound, stableId } from '#libs/platform';
import { levelAt } from '#libs/scoring';
import type { Level } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';

/** Points a person has just got, and when they were earned. */
export interface Earned {
  personId: string;
  occurredAt: Date;
}

/** Where a person stands among the levels. */
export interface PersonLevel {
  level: Level | null;
  reachedAt: Date | null;
  /** All points ever earned; what is spent on rewards stays in it, what is reversed does not. */
  lifetime: number;
  next: (Level & { missing: number }) | null;
  /** Every level that was reached, lowest first. */
  reached: { level: string; reachedAt: Date }[];
}

/** The levels people reach by all the points they have ever earned. A level once reached stays. */
@Injectable()
export class LevelsService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly outbox: Outbox,
  ) {}

  /** Notes and tells the levels that these people have reached; after their points were posted, in the same transaction. */
  async reach(manager: EntityManager, earned: readonly Earned[]): Promise<void> {
    const { levels } = this.programme;
    if (levels.length === 0 || earned.length === 0) return;
    const reached: { personId: string; level: string; at: Date }[] = await manager.query(
      `INSERT INTO person_levels (person_id, level, reached_at)
       SELECT b.person_id, l.id, e.at FROM (
         SELECT person_id, max(at) AS at FROM unnest($1::uuid[], $2::timestamptz[]) AS e(person_id, at) GROUP BY person_id) e
       JOIN balances b USING (person_id)
       JOIN unnest($3::text[], $4::int[]) AS l(id, points) ON l.points <= b.lifetime
       ORDER BY b.person_id, l.points
       ON CONFLICT DO NOTHING RETURNING person_id AS "personId", level, reached_at AS at`,
      [
        earned.map(({ personId }) => personId),
        earned.map(({ occurredAt }) => occurredAt),
        levels.map(({ id }) => id),
        levels.map(({ points }) => points),
      ],
    );
    const highest = new Map(reached.map(({ personId, level }) => [personId, level]));
    const told = reached.map(({ personId, level, at }) => {
      const { name: levelName, points } = levels.find(({ id }) => id === level)!;
      const data = { personId, level, levelName, points, highest: highest.get(personId) === level };
      return event('level.reached', data, { id: stableId('level.reached', personId, level), time: at });
    });
    await this.outbox.add(manager, told);
  }

  /** Throws `person_unknown`. */
  async ofPerson(personId: string): Promise<PersonLevel> {
    const [row]: { lifetime: number }[] = await this.database.query(
      `SELECT coalesce(lifetime, 0)::bigint AS lifetime FROM people LEFT JOIN balances ON person_id = id WHERE id = $1`,
      [personId],
    );
    if (!row) throw notFound('person', personId);
    const { levels } = this.programme;
    const rows: { level: string; reachedAt: Date }[] = await this.database.query(
      `SELECT level, reached_at AS "reachedAt" FROM person_levels WHERE person_id = $1`,
      [personId],
    );
    const at = new Map(rows.map(({ level, reachedAt }) => [level, reachedAt]));
    const { level, next } = levelAt(levels, row.lifetime, new Set(at.keys()));
    return {
      level,
      reachedAt: (level && at.get(level.id)) ?? null,
      lifetime: row.lifetime,
      next: next && { ...next, missing: Math.max(0, next.points - row.lifetime) },
      reached: levels.flatMap(({ id }) => (at.has(id) ? [{ level: id, reachedAt: at.get(id)! }] : [])),
    };
  }

  /** Every level with how many people have come to it. */
  async summary(): Promise<object[]> {
    const rows: { level: string; people: number }[] = await this.database.query(
      `SELECT level, count(*) AS people FROM person_levels GROUP BY level`,
    );
    const people = new Map(rows.map(({ level, people: count }) => [level, count]));
    return this.programme.levels.map((level) => ({ ...level, people: people.get(level.id) ?? 0 }));
  }
}
