import type { EntityManager } from 'typeorm';
import type { Files, InputValues } from '#libs/programme';

/** A version of the programme's files; versions never change. */
export interface StoredProgramme {
  version: number;
  files: Files;
  appliedAt: Date;
  appliedBy: string;
}

const COLUMNS = `version, files, applied_at AS "appliedAt", applied_by AS "appliedBy"`;

/** The newest version, or null when none was ever applied and the folder is the programme. */
export async function newest(manager: EntityManager): Promise<StoredProgramme | null> {
  const [row]: StoredProgramme[] = await manager.query(
    `SELECT ${COLUMNS} FROM programme_versions ORDER BY version DESC LIMIT 1`,
  );
  return row ?? null;
}

export async function versionOf(manager: EntityManager, version: number): Promise<StoredProgramme | null> {
  const [row]: StoredProgramme[] = await manager.query(
    `SELECT ${COLUMNS} FROM programme_versions WHERE version = $1`,
    [version],
  );
  return row ?? null;
}

/** Every version, newest first, without its files. */
export const listVersions = (manager: EntityManager): Promise<object[]> =>
  manager.query(
    `SELECT version, applied_at AS "appliedAt", applied_by AS "appliedBy",
       (SELECT count(*) FROM jsonb_object_keys(files)) AS files
     FROM programme_versions ORDER BY version DESC LIMIT 500`,
  );

export async function insertVersion(manager: EntityManager, stored: StoredProgramme): Promise<void> {
  await manager.query(
    `INSERT INTO programme_versions (version, files, applied_at, applied_by) VALUES ($1, $2, $3, $4)`,
    [stored.version, JSON.stringify(stored.files), stored.appliedAt, stored.appliedBy],
  );
}

/** What HR has set for the inputs of each workflow, as its newest version has it. */
export async function readValues(manager: EntityManager): Promise<InputValues> {
  const rows: { id: string; values: Record<string, unknown> }[] = await manager.query(
    `SELECT id, input_values AS values FROM workflows
     JOIN workflow_versions ON workflow_id = id AND version = active_version WHERE input_values <> '{}'`,
  );
  return Object.fromEntries(rows.map(({ id, values }) => [id, values]));
}

/** Changes whenever any replica has published or applied something. */
export async function readMark(manager: EntityManager): Promise<string> {
  const [row]: { mark: string }[] = await manager.query(
    `SELECT (SELECT coalesce(max(version), 0) FROM programme_versions) || ' ' ||
       (SELECT coalesce(md5(string_agg(id || ' ' || active_version || ' ' || (switched_off_at IS NULL), ',' ORDER BY id)), '')
        FROM workflows) || ' ' ||
       (SELECT count(*) || ' ' || count(ended_at) || ' ' || coalesce(sum(since - '2000-01-01'), 0) FROM rule_versions) AS mark`,
  );
  return row!.mark;
}

/** One change of the programme at a time, in all replicas, until the transaction ends. */
export async function lockProgramme(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(7202612, 0)`);
}
