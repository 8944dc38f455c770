import type { EntityManager } from 'typeorm';

/** Files of one template by their paths in the folder of templates. */
export type TemplateFiles = Record<string, string>;

/** A version of a template as lists show it. Versions never change. */
export interface VersionView {
  version: number;
  /** `programme`: it came with the programme as code; `published`: over REST. */
  source: 'programme' | 'published';
  note: string | null;
  publishedAt: Date;
  publishedBy: string;
}

/** The version of a template that counts, and what the programme had of it last. */
export interface InForce {
  template: string;
  version: number;
  source: VersionView['source'];
  files: TemplateFiles;
  /** Null when the programme never had it. */
  programmeFiles: TemplateFiles | null;
}

export interface Draft {
  files: TemplateFiles;
  savedAt: Date;
  savedBy: string;
}

const view = `version, source, note, published_at AS "publishedAt", published_by AS "publishedBy"`;

/** The last version of every template: the last one published counts, wherever it came from. */
export async function inForce(manager: EntityManager): Promise<InForce[]> {
  return manager.query(
    `SELECT DISTINCT ON (v.template) v.template, v.version, v.source, v.files,
       (SELECT p.files FROM template_versions p WHERE p.template = v.template AND p.source = 'programme'
        ORDER BY p.version DESC LIMIT 1) AS "programmeFiles"
     FROM template_versions v ORDER BY v.template, v.version DESC`,
  );
}

/** Grows with every version published over REST. */
export async function lastPublished(manager: EntityManager): Promise<number> {
  const [row]: { seq: number }[] = await manager.query(
    `SELECT coalesce(max(seq), 0) AS seq FROM template_versions WHERE source = 'published'`,
  );
  return row!.seq;
}

/** Whether a programme was ever applied: then that of the folder is only there until it is read. */
export async function anyApplied(manager: EntityManager): Promise<boolean> {
  const [row]: { applied: boolean }[] = await manager.query(
    `SELECT EXISTS (SELECT FROM programme_versions WHERE refused IS NULL) AS applied`,
  );
  return row!.applied;
}

export interface NewVersions {
  files: ReadonlyMap<string, TemplateFiles>;
  source: VersionView['source'];
  note: string | null;
  by: string;
  at: Date;
}

/** Adds the next version of each template. Two writers at once take turns. */
export async function addVersions(
  manager: EntityManager,
  { files, source, note, by, at }: NewVersions,
): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtext('template_versions'))`);
  await manager.query(
    `INSERT INTO template_versions (template, version, source, files, note, published_at, published_by)
     SELECT t.template, 1 + coalesce((SELECT max(version) FROM template_versions v WHERE v.template = t.template), 0),
       $3, t.files, $4, $5, $6
     FROM unnest($1::text[], $2::jsonb[]) AS t (template, files)
     -- Another replica may have noted the same.
     WHERE $3 = 'published' OR t.files IS DISTINCT FROM
       (SELECT p.files FROM template_versions p WHERE p.template = t.template AND p.source = 'programme' ORDER BY p.version DESC LIMIT 1)`,
    [[...files.keys()], [...files.values()].map((each) => JSON.stringify(each)), source, note, at, by],
  );
}

/** Newest first. */
export async function versionsOf(manager: EntityManager, template: string): Promise<VersionView[]> {
  return manager.query(`SELECT ${view} FROM template_versions WHERE template = $1 ORDER BY version DESC`, [
    template,
  ]);
}

export async function findVersion(
  manager: EntityManager,
  template: string,
  version: number,
): Promise<(VersionView & { files: TemplateFiles }) | undefined> {
  const [row]: (VersionView & { files: TemplateFiles })[] = await manager.query(
    `SELECT ${view}, files FROM template_versions WHERE template = $1 AND version = $2`,
    [template, version],
  );
  return row;
}

export async function findDraft(manager: EntityManager, template: string): Promise<Draft | undefined> {
  const [row]: Draft[] = await manager.query(
    `SELECT files, saved_at AS "savedAt", saved_by AS "savedBy" FROM template_drafts WHERE template = $1`,
    [template],
  );
  return row;
}

export async function drafted(manager: EntityManager): Promise<Set<string>> {
  const rows: { template: string }[] = await manager.query(`SELECT template FROM template_drafts`);
  return new Set(rows.map(({ template }) => template));
}

export async function saveDraft(
  manager: EntityManager,
  template: string,
  { files, savedAt, savedBy }: Draft,
): Promise<void> {
  await manager.query(
    `INSERT INTO template_drafts (template, files, saved_at, saved_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (template) DO UPDATE SET files = EXCLUDED.files, saved_at = EXCLUDED.saved_at, saved_by = EXCLUDED.saved_by`,
    [template, JSON.stringify(files), savedAt, savedBy],
  );
}

export async function deleteDraft(manager: EntityManager, template: string): Promise<void> {
  await manager.query(`DELETE FROM template_drafts WHERE template = $1`, [template]);
}
