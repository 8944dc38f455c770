import type { EntityManager } from 'typeorm';

/** A trigger of a workflow, by its place in `on`. */
export interface TriggerKey {
  workflowId: string;
  trigger: number;
}

/** Who has begun to match, and who no longer does. */
export interface Changes {
  entered: string[];
  left: string[];
}

/** How a condition is asked: in SQL, or evaluated before, as the ids of those who match. */
export type Matching = { condition: string; parameters: readonly unknown[] } | { ids: readonly string[] };

/** How many parameters come before those of a condition. */
export const MEMBER_OFFSET = 3;

/** Brings the members among these people up to date; checks of one trigger take turns. */
export async function updateMembers(
  manager: EntityManager,
  { workflowId, trigger }: TriggerKey,
  personIds: readonly string[],
  matching: Matching,
): Promise<Changes> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `audience|${workflowId}|${trigger}`,
  ]);
  const [condition, parameters] =
    'ids' in matching
      ? [`people.id = ANY($${MEMBER_OFFSET + 1}::uuid[])`, [matching.ids]]
      : [matching.condition, matching.parameters];
  const rows: { personId: string; entered: boolean }[] = await manager.query(
    `WITH matching AS (
       SELECT people.id FROM people LEFT JOIN teams ON teams.name = people.team
       WHERE people.id = ANY($3::uuid[]) AND (${condition})
     ), entered AS (
       INSERT INTO audience_members (workflow_id, trigger, person_id) SELECT $1::text, $2::int, id FROM matching ORDER BY id
       ON CONFLICT DO NOTHING RETURNING person_id
     ), gone AS (
       DELETE FROM audience_members WHERE workflow_id = $1 AND trigger = $2 AND person_id = ANY($3::uuid[])
         AND person_id NOT IN (SELECT id FROM matching) RETURNING person_id
     )
     SELECT person_id AS "personId", true AS entered FROM entered
     UNION ALL SELECT person_id, false FROM gone ORDER BY 1`,
    [workflowId, trigger, personIds, ...parameters],
  );
  const idsOf = (entered: boolean): string[] =>
    rows.filter((row) => row.entered === entered).map(({ personId }) => personId);
  return { entered: idsOf(true), left: idsOf(false) };
}

/** When a trigger was last checked for everybody; null never, undefined when its condition is not known yet or another. */
export async function checkedAt(
  manager: EntityManager,
  { workflowId, trigger }: TriggerKey,
  condition: string,
): Promise<Date | null | undefined> {
  const [row]: { at: Date | null }[] = await manager.query(
    `SELECT checked_at AS at FROM audience_triggers WHERE workflow_id = $1 AND trigger = $2 AND condition = $3`,
    [workflowId, trigger, condition],
  );
  return row?.at;
}

/** Forgets the members of a trigger whose condition is new. */
export async function beginAnew(
  manager: EntityManager,
  { workflowId, trigger }: TriggerKey,
  condition: string,
): Promise<void> {
  await manager.query(`DELETE FROM audience_members WHERE workflow_id = $1 AND trigger = $2`, [
    workflowId,
    trigger,
  ]);
  await manager.query(
    `INSERT INTO audience_triggers (workflow_id, trigger, condition) VALUES ($1, $2, $3)
     ON CONFLICT (workflow_id, trigger) DO UPDATE SET condition = EXCLUDED.condition, checked_at = NULL`,
    [workflowId, trigger, condition],
  );
}

export async function noteChecked(
  manager: EntityManager,
  { workflowId, trigger }: TriggerKey,
  now: Date,
): Promise<void> {
  await manager.query(
    `UPDATE audience_triggers SET checked_at = $3 WHERE workflow_id = $1 AND trigger = $2`,
    [workflowId, trigger, now],
  );
}

/** The earliest check of these triggers; null when there is none. */
export async function earliestCheck(
  manager: EntityManager,
  triggers: readonly TriggerKey[],
): Promise<Date | null> {
  const [row]: { at: Date | null }[] = await manager.query(
    `SELECT min(checked_at) AS at FROM audience_triggers
     WHERE (workflow_id, trigger) IN (SELECT * FROM unnest($1::text[], $2::int[]))`,
    [triggers.map(({ workflowId }) => workflowId), triggers.map(({ trigger }) => trigger)],
  );
  return row?.at ?? null;
}

/** The next ids of people, in order. */
export async function pageOfIds(
  manager: EntityManager,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM people WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Every zone somebody lives in. */
export async function allZones(manager: EntityManager): Promise<string[]> {
  const rows: { zone: string }[] = await manager.query(`SELECT DISTINCT zone FROM people ORDER BY zone`);
  return rows.map(({ zone }) => zone);
}

/** Wants people looked at soon. */
export async function wantChecks(manager: EntityManager, personIds: readonly string[]): Promise<void> {
  await manager.query(
    `INSERT INTO audience_checks (person_id) SELECT DISTINCT id FROM unnest($1::uuid[]) AS id ORDER BY id
     ON CONFLICT DO NOTHING`,
    [personIds],
  );
}

/** Takes people to be looked at. */
export async function takeChecks(manager: EntityManager, limit: number): Promise<string[]> {
  const [rows]: [{ id: string }[], number] = await manager.query(
    `DELETE FROM audience_checks WHERE person_id IN (
       SELECT person_id FROM audience_checks ORDER BY person_id LIMIT $1 FOR UPDATE SKIP LOCKED
     ) RETURNING person_id AS id`,
    [limit],
  );
  return rows.map(({ id }) => id).sort();
}
