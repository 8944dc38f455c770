import type { EntityManager } from 'typeorm';
import type { Challenge, Stretch } from '#libs/scoring';
import { stableId } from '#libs/platform';
import { audienceOf } from '../boards/boards.query.js';
import { Parameters, scoresSql } from '../boards/scores.query.js';

type Manager = Pick<EntityManager, 'query'>;

/** Everybody together is one subject. */
export const ALL = '*';

/** Whose progress a person's is. */
const SUBJECT = { personal: 'people.id::text', team: 'people.team', collective: `'${ALL}'` } as const;

/** Where the following of changes has come to; null when another replica is at it. */
export async function takeFollower(
  manager: Manager,
): Promise<{ horizon: string | null; seen: number[] } | null> {
  const [row]: { horizon: string | null; seen: number[] }[] = await manager.query(
    `SELECT horizon::text AS horizon, seen FROM challenge_follower FOR UPDATE SKIP LOCKED`,
  );
  return row ?? null;
}

/** Of the changes seen only those are kept that a later look could find again. */
export async function moveFollower(
  manager: Manager,
  horizon: string,
  seen: readonly number[],
): Promise<void> {
  await manager.query(
    `UPDATE challenge_follower SET horizon = $1::xid8,
       seen = ARRAY(SELECT id FROM score_changes WHERE id = ANY($2::bigint[]) AND xid >= $1::xid8)`,
    [horizon, seen],
  );
}

/** Which of these periods of challenges are kept as they are written now. */
export async function knownPeriods(manager: Manager): Promise<Map<string, unknown>> {
  const rows: { challenge: string; periodKey: string; definition: unknown }[] = await manager.query(
    `SELECT challenge, period_key AS "periodKey", definition FROM challenge_periods`,
  );
  return new Map(
    rows.map(({ challenge, periodKey, definition }) => [`${challenge}|${periodKey}`, definition]),
  );
}

/** Begins to keep a period, or begins anew as the challenge is written otherwise: counted from the ledger and the metrics. */
export async function beginPeriod(
  manager: EntityManager,
  challenge: Challenge,
  stretch: Stretch,
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO challenge_periods (challenge, period_key, definition, since) VALUES ($1, $2, $3, $4)
     ON CONFLICT (challenge, period_key) DO UPDATE SET definition = EXCLUDED.definition, since = EXCLUDED.since`,
    [challenge.id, stretch.key, JSON.stringify(challenge), now],
  );
  await manager.query(`DELETE FROM challenge_progress WHERE challenge = $1 AND period_key = $2`, [
    challenge.id,
    stretch.key,
  ]);
  const parameters = new Parameters();
  const scores = scoresSql(challenge.metric, stretch, parameters);
  const condition = await audienceOf(manager, challenge.for, now, parameters);
  const [id, key] = [parameters.add(challenge.id, 'text'), parameters.add(stretch.key, 'text')];
  await manager.query(
    `INSERT INTO challenge_progress (challenge, period_key, subject, value)
     SELECT ${id}, ${key}, subject, sum(score) FROM (
       SELECT ${SUBJECT[challenge.kind]} AS subject, score FROM people LEFT JOIN teams ON teams.name = people.team
       JOIN (${scores}) scores ON person_id = people.id WHERE ${condition}
     ) parts WHERE subject IS NOT NULL GROUP BY subject`,
    parameters.list,
  );
}

/** What a person's changes add up to for one challenge. */
export interface Part {
  personId: string;
  amount: number;
}

/**
 * Adds parts to the progress of whom they belong to, and returns who stands at the target or above. A team keeps what somebody did
 * while they were in it.
 */
export async function addParts(
  manager: EntityManager,
  challenge: Challenge,
  key: string,
  { parts, now }: { parts: readonly Part[]; now: Date },
): Promise<string[]> {
  const parameters = new Parameters();
  const [id, period, people, amounts] = [
    parameters.add(challenge.id, 'text'),
    parameters.add(key, 'text'),
    parameters.add(
      parts.map(({ personId }) => personId),
      'uuid[]',
    ),
    parameters.add(
      parts.map(({ amount }) => amount),
      'float8[]',
    ),
  ];
  const condition = await audienceOf(manager, challenge.for, now, parameters);
  const rows: { subject: string }[] = await manager.query(
    `WITH moved AS (INSERT INTO challenge_progress (challenge, period_key, subject, value)
     SELECT ${id}, ${period}, subject, sum(amount) FROM (
       SELECT ${SUBJECT[challenge.kind]} AS subject, amount FROM unnest(${people}, ${amounts}) AS part(person_id, amount)
       JOIN people ON people.id = person_id LEFT JOIN teams ON teams.name = people.team WHERE ${condition}
     ) parts WHERE subject IS NOT NULL GROUP BY subject ORDER BY subject
     ON CONFLICT (challenge, period_key, subject) DO UPDATE SET value = challenge_progress.value + EXCLUDED.value
     RETURNING subject, value) SELECT subject FROM moved WHERE round(value::numeric, 6) >= ${parameters.add(challenge.target, 'numeric')}`,
    parameters.list,
  );
  return rows.map(({ subject }) => subject);
}

/** Somebody, a team or everybody has come to the target. */
export interface Finish {
  id: string;
  challenge: string;
  periodKey: string;
  subject: string;
  value: number;
}

/** Notes who of these (or of all) has come to the target, each once for ever; returns those that are new. */
export async function noteFinishes(
  manager: Manager,
  { id, target }: Challenge,
  key: string,
  { subjects, now }: { subjects: readonly string[] | null; now: Date },
): Promise<Finish[]> {
  const reached: { subject: string; value: number }[] = await manager.query(
    `SELECT subject, value FROM challenge_progress p WHERE challenge = $1 AND period_key = $2 AND round(value::numeric, 6) >= $3
       AND ($4::text[] IS NULL OR subject = ANY($4))
       AND NOT EXISTS (SELECT FROM challenge_finishes f WHERE f.challenge = $1 AND f.period_key = $2 AND f.subject = p.subject)`,
    [id, key, target, subjects],
  );
  if (reached.length === 0) return [];
  return manager.query(
    `INSERT INTO challenge_finishes (id, challenge, period_key, subject, value, finished_at)
     SELECT f.id, $1, $2, subject, value, $3 FROM unnest($4::uuid[], $5::text[], $6::float8[]) AS f(id, subject, value)
     ON CONFLICT DO NOTHING RETURNING id, challenge, period_key AS "periodKey", subject, value`,
    [
      id,
      key,
      now,
      reached.map(({ subject }) => stableId('challenge', id, key, subject)),
      reached.map(({ subject }) => subject),
      reached.map(({ value }) => value),
    ],
  );
}

/** How far the best have come, and how many have finished. */
export async function progressOf(
  manager: Manager,
  challenge: string,
  key: string,
  subject: string | null = null,
): Promise<{ subject: string; value: number; finishedAt: Date | null }[]> {
  return manager.query(
    `SELECT subject, p.value, finished_at AS "finishedAt" FROM challenge_progress p
     LEFT JOIN challenge_finishes f USING (challenge, period_key, subject)
     WHERE challenge = $1 AND period_key = $2 AND ($3::text IS NULL OR subject = $3) ORDER BY p.value DESC, subject LIMIT 100`,
    [challenge, key, subject],
  );
}

export async function countFinishes(manager: Manager, challenge: string, key: string): Promise<number> {
  const [row]: { count: number }[] = await manager.query(
    `SELECT count(*)::int AS count FROM challenge_finishes WHERE challenge = $1 AND period_key = $2`,
    [challenge, key],
  );
  return row!.count;
}
