import type { EntityManager } from 'typeorm';
import type { Definition } from '#libs/workflow';

/** A definition in one version; versions never change. */
export interface Version {
  workflowId: string;
  version: number;
  definition: Definition;
  source: string;
  /** What HR set for the inputs; the others have their defaults. */
  values: Readonly<Record<string, unknown>>;
}

/** A workflow as it stands: its newest version, and whether it starts runs. */
export interface Standing extends Version {
  on: boolean;
}

/** What becomes a version. */
export interface Publication extends Pick<Version, 'definition' | 'source' | 'values'> {
  /** The version that is brought back, if one is. */
  backTo?: number | null;
}

/** When and by whom something is published. */
export interface Published {
  now: Date;
  by: string;
}

/** Whether HR has set the same; the order does not matter. */
export const sameValues = (
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};

const COLUMNS = `workflow_id AS "workflowId", version, definition, source, input_values AS values`;

export async function readVersion(
  manager: EntityManager,
  workflowId: string,
  version: number,
): Promise<Version | null> {
  const [row]: Version[] = await manager.query(
    `SELECT ${COLUMNS} FROM workflow_versions WHERE workflow_id = $1 AND version = $2`,
    [workflowId, version],
  );
  return row ?? null;
}

/** Every workflow there ever was, in its newest version. */
export const readStanding = (manager: EntityManager): Promise<Standing[]> =>
  manager.query(
    `SELECT ${COLUMNS}, switched_off_at IS NULL AS "on" FROM workflows
     JOIN workflow_versions ON workflow_id = id AND version = active_version ORDER BY id`,
  );

/** The versions that living runs are pinned to. */
export const readInUse = (manager: EntityManager): Promise<Pick<Version, 'workflowId' | 'version'>[]> =>
  manager.query(
    `SELECT DISTINCT workflow_id AS "workflowId", version FROM runs
     WHERE parent_id IS NULL AND status IN ('new', 'waiting', 'expanding', 'queued')`,
  );

/** The versions of a workflow, newest first. */
export const listVersions = (manager: EntityManager, workflowId: string): Promise<object[]> =>
  manager.query(
    `SELECT version, published_at AS "publishedAt", published_by AS "publishedBy", back_to AS "backTo", input_values AS values,
       version = (SELECT active_version FROM workflows WHERE id = workflow_id) AS newest
     FROM workflow_versions WHERE workflow_id = $1 ORDER BY version DESC LIMIT 1000`,
    [workflowId],
  );

/** One version with all there is to know of it. */
export async function showVersion(
  manager: EntityManager,
  workflowId: string,
  version: number,
): Promise<object | null> {
  const [row]: object[] = await manager.query(
    `SELECT workflow_id AS id, version, source, input_values AS values, definition->'order' AS steps,
       published_at AS "publishedAt", published_by AS "publishedBy", back_to AS "backTo"
     FROM workflow_versions WHERE workflow_id = $1 AND version = $2`,
    [workflowId, version],
  );
  return row ?? null;
}

/**
 * Publishes: another text or other values are a new version, the same are not. The workflow is switched on. One that was off
 * begins its schedules now: nobody wants the firings of its holiday.
 */
export async function publish(
  manager: EntityManager,
  { definition, source, values, backTo = null }: Publication,
  { now, by }: Published,
): Promise<Version> {
  const workflowId = definition.id;
  // The update locks the row, so that the next statement sees what another replica has just published.
  await manager.query(
    `INSERT INTO workflows (id, active_version, scheduled_until) VALUES ($1, 0, $2) ON CONFLICT (id) DO UPDATE SET
       scheduled_until = CASE WHEN workflows.switched_off_at IS NULL THEN workflows.scheduled_until ELSE $2 END, switched_off_at = NULL`,
    [workflowId, now],
  );
  const [row]: { version: number; same: boolean | null }[] = await manager.query(
    `SELECT active_version AS version, source = $2 AND input_values = $3::jsonb AS same FROM workflows
     LEFT JOIN workflow_versions ON workflow_id = id AND version = active_version WHERE id = $1`,
    [workflowId, source, JSON.stringify(values)],
  );
  if (row!.same) return { workflowId, version: row!.version, definition, source, values };
  const version = await insertVersion(manager, { definition, source, values, backTo }, { now, by });
  await manager.query(`UPDATE workflows SET active_version = $2 WHERE id = $1`, [workflowId, version]);
  return { workflowId, version, definition, source, values };
}

/** A version for runs that are started with values of their own: it is kept, and not in force. The same values are the same version. */
export async function variant(
  manager: EntityManager,
  publication: Publication,
  published: Published,
): Promise<Version> {
  const { definition, source, values } = publication;
  const workflowId = definition.id;
  await manager.query(`SELECT FROM workflows WHERE id = $1 FOR UPDATE`, [workflowId]);
  const [known]: { version: number }[] = await manager.query(
    `SELECT version FROM workflow_versions WHERE workflow_id = $1 AND source = $2 AND input_values = $3::jsonb
     ORDER BY version DESC LIMIT 1`,
    [workflowId, source, JSON.stringify(values)],
  );
  const version = known?.version ?? (await insertVersion(manager, publication, published));
  return { workflowId, version, definition, source, values };
}

/** Versions of a workflow are numbered in the order they come; whoever adds one holds the lock of its row. */
async function insertVersion(
  manager: EntityManager,
  { definition, source, values, backTo = null }: Publication,
  { now, by }: Published,
): Promise<number> {
  const [row]: { version: number }[] = await manager.query(
    `INSERT INTO workflow_versions (workflow_id, version, source, definition, input_values, published_at, published_by, back_to)
     SELECT $1, COALESCE(max(version), 0) + 1, $2, $3, $4, $5, $6, $7 FROM workflow_versions WHERE workflow_id = $1
     RETURNING version`,
    [definition.id, source, JSON.stringify(definition), JSON.stringify(values), now, by, backTo],
  );
  return row!.version;
}

/** Switches off every workflow but these: no run of it starts any more. Returns those that were on. */
export async function switchOffOthers(
  manager: EntityManager,
  ids: readonly string[],
  now: Date,
): Promise<string[]> {
  const [rows]: [{ id: string }[], number] = await manager.query(
    `UPDATE workflows SET switched_off_at = $2 WHERE switched_off_at IS NULL AND NOT id = ANY($1) RETURNING id`,
    [ids, now],
  );
  return rows.map(({ id }) => id);
}
