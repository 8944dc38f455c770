import type { EntityManager } from 'typeorm';

/** Holds the people whose streaks and badges are made anew, in the order in which scoring holds them. */
export async function lockPeople(manager: EntityManager, personIds: readonly string[]): Promise<void> {
  await manager.query(
    `SELECT FROM balances WHERE person_id = ANY($1::uuid[]) ORDER BY person_id FOR UPDATE`,
    [personIds],
  );
}

/** Everybody who ever did something, a page behind a person. */
export async function pageOfPeople(manager: EntityManager, after: string, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT person_id AS id FROM balances WHERE person_id > $1 ORDER BY person_id LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}
