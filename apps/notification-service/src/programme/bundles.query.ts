import type { EntityManager } from 'typeorm';

/** A version of the programme's files, by path. */
export interface Bundle {
  version: number;
  files: Record<string, string>;
}

/** What is in force and what could not be. */
export interface Standing {
  /** The newest version that was not refused; 0: the folder. */
  version: number;
  /** The newest version, when it was refused, and why. */
  refused: { version: number; reason: string } | null;
}

/** Keeps a version; one that is there already stays. */
export async function keep(manager: EntityManager, { version, files }: Bundle): Promise<void> {
  await manager.query(
    `INSERT INTO programme_versions (version, files) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [version, JSON.stringify(files)],
  );
  // Two are enough: the one in force, and the one before it while it is not sure that this one will be.
  await manager.query(
    `DELETE FROM programme_versions WHERE version < (
       SELECT max(version) FROM programme_versions WHERE refused IS NULL AND version < $1
     )`,
    [version],
  );
}

export async function newest(manager: EntityManager): Promise<Bundle | null> {
  const [row]: Bundle[] = await manager.query(
    `SELECT version, files FROM programme_versions WHERE refused IS NULL ORDER BY version DESC LIMIT 1`,
  );
  return row ?? null;
}

export async function refuse(manager: EntityManager, version: number, reason: string): Promise<void> {
  await manager.query(`UPDATE programme_versions SET refused = $2 WHERE version = $1`, [version, reason]);
}

export async function standing(manager: EntityManager): Promise<Standing> {
  const [row]: (Standing | undefined)[] = await manager.query(
    `SELECT coalesce(max(version) FILTER (WHERE refused IS NULL), 0) AS version,
       (SELECT jsonb_build_object('version', version, 'reason', refused) FROM programme_versions last
        WHERE refused IS NOT NULL AND version = (SELECT max(version) FROM programme_versions)) AS refused
     FROM programme_versions`,
  );
  return row!;
}

export async function newestVersion(manager: EntityManager): Promise<number> {
  const [row]: { version: number }[] = await manager.query(
    `SELECT coalesce(max(version), 0) AS version FROM programme_versions WHERE refused IS NULL`,
  );
  return row!.version;
}
