import type { EntityManager } from 'typeorm';
import type { Challenge, Stretch } from '#libs/scoring';
import { audienceOf } from '../boards/boards.query.js';
import { Parameters, scoresSql } from '../boards/scores.query.js';
import type { Finish } from './challenges.query.js';

type Manager = Pick<EntityManager, 'query'>;

/** A finish whose rewards are not all given. `paidTo` is the person up to whom they are, in the order of ids. */
export type Unpaid = Finish & { finishedAt: Date; paidTo: string | null; definition: Challenge };

const UNPAID = `SELECT f.id, f.challenge, f.period_key AS "periodKey", subject, value, finished_at AS "finishedAt", paid_to AS "paidTo",
    definition FROM challenge_finishes f JOIN challenge_periods USING (challenge, period_key) WHERE paid_at IS NULL`;

/** The one that waits longest, locked; null when there is none. */
export async function takeUnpaid(manager: Manager): Promise<Unpaid | null> {
  const [row]: Unpaid[] = await manager.query(
    `${UNPAID} ORDER BY finished_at LIMIT 1 FOR UPDATE OF f SKIP LOCKED`,
  );
  return row ?? null;
}

/** Some of the same challenge and period, in the order of subjects and locked; the one that is locked already is among them or not. */
export function takeUnpaidBeside(
  manager: Manager,
  { challenge, periodKey }: Finish,
  limit: number,
): Promise<Unpaid[]> {
  return manager.query(
    `${UNPAID} AND challenge = $1 AND period_key = $2 ORDER BY subject LIMIT $3 FOR UPDATE OF f SKIP LOCKED`,
    [challenge, periodKey, limit],
  );
}

/** The next people of a team, or of all (null), in the order of ids. Plan: people_team, or the key. */
export async function pageOfPeople(
  manager: Manager,
  { team, after, limit }: { team: string | null; after: string | null; limit: number },
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM people WHERE ($1::text IS NULL OR team = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [team, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Who of these people has a part in a challenge, in the order of ids: reads their scores alone. */
export async function havingPart(
  manager: EntityManager,
  challenge: Challenge,
  { stretch, people, now }: { stretch: Stretch; people: readonly string[]; now: Date },
): Promise<string[]> {
  const parameters = new Parameters();
  const scores = scoresSql(challenge.metric, stretch, parameters, people);
  const condition = await audienceOf(manager, challenge.for, now, parameters);
  const rows: { id: string }[] = await manager.query(
    `SELECT people.id FROM people LEFT JOIN teams ON teams.name = people.team JOIN (${scores}) scores ON person_id = people.id
     WHERE score > 0 AND people.active AND ${condition} ORDER BY people.id`,
    parameters.list,
  );
  return rows.map(({ id }) => id);
}

/** Notes up to whom rewards are given, and, where it was the last of them, when. */
export async function notePaid(
  manager: Manager,
  finishes: readonly Finish[],
  { paidTo, paidAt }: { paidTo: string | null; paidAt: Date | null },
): Promise<void> {
  await manager.query(
    `UPDATE challenge_finishes SET paid_to = COALESCE($2, paid_to), paid_at = $3 WHERE id = ANY($1::uuid[])`,
    [finishes.map(({ id }) => id), paidTo, paidAt],
  );
}
