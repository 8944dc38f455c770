import type { EntityManager } from 'typeorm';
import type { RuleDefinition, RuleVersion } from '#libs/scoring';

interface Row {
  definition: RuleDefinition;
  version: number;
  publishedAt: Date;
  since: string | null;
  endedAt: Date | null;
}

/** Every version of every rule, in the order of their publication. */
export async function readVersions(manager: EntityManager): Promise<RuleVersion[]> {
  const rows: Row[] = await manager.query(
    `SELECT definition, version, published_at AS "publishedAt", since::text AS since, ended_at AS "endedAt"
     FROM rule_versions ORDER BY rule, version`,
  );
  return rows.map(({ definition, version, publishedAt, since, endedAt }) => ({
    ...definition,
    version,
    publishedAt: publishedAt.getTime(),
    since,
    endedAt: endedAt?.getTime() ?? null,
  }));
}

/** The words of one version; null when there is none. */
export async function definitionOf(
  manager: EntityManager,
  rule: string,
  version: number,
): Promise<RuleDefinition | null> {
  const [row]: { definition: RuleDefinition }[] = await manager.query(
    `SELECT definition FROM rule_versions WHERE rule = $1 AND version = $2`,
    [rule, version],
  );
  return row?.definition ?? null;
}

/** Ends the rules that are not among these: what happens from now on they judge no more. */
export async function endOthers(manager: EntityManager, rules: readonly string[], now: Date): Promise<void> {
  await manager.query(
    `UPDATE rule_versions v SET ended_at = $2 WHERE rule <> ALL($1::text[]) AND ended_at IS NULL
       AND version = (SELECT max(version) FROM rule_versions o WHERE o.rule = v.rule)`,
    [rules, now],
  );
}

/**
 * The number of a rule's version, a new one where it has changed or had been taken out. jsonb equality decides: another order of keys or
 * another comment is no change.
 */
export async function publishRule(manager: EntityManager, rule: RuleDefinition, now: Date): Promise<number> {
  const [row]: { version: number }[] = await manager.query(
    `WITH latest AS (
       SELECT version, definition, ended_at FROM rule_versions WHERE rule = $1 ORDER BY version DESC LIMIT 1
     ), added AS (
       INSERT INTO rule_versions (rule, version, definition, published_at)
       SELECT $1, COALESCE((SELECT version FROM latest), 0) + 1, $2::jsonb, $3
       WHERE NOT EXISTS (SELECT FROM latest WHERE definition = $2::jsonb AND ended_at IS NULL)
       ON CONFLICT DO NOTHING RETURNING version
     )
     SELECT version FROM added UNION ALL SELECT version FROM latest ORDER BY version DESC LIMIT 1`,
    [rule.id, JSON.stringify(rule), now],
  );
  return row!.version;
}

/** From when on a version judges no more, epoch ms: another one was published, or the rule was taken out. Infinity while it judges. */
export async function endOf(manager: EntityManager, rule: string, version: number): Promise<number> {
  const [row]: { end: Date | null }[] = await manager.query(
    `SELECT LEAST(v.ended_at, (SELECT min(published_at) FROM rule_versions n WHERE n.rule = v.rule AND n.version > v.version)) AS "end"
     FROM rule_versions v WHERE rule = $1 AND version = $2`,
    [rule, version],
  );
  return row?.end?.getTime() ?? Infinity;
}

/** A version that was counted backwards judges from that local day on, also what is told of later. */
export async function holdSince(
  manager: EntityManager,
  rule: string,
  version: number,
  since: string,
): Promise<void> {
  await manager.query(
    `UPDATE rule_versions SET since = LEAST(since, $3::date) WHERE rule = $1 AND version = $2`,
    [rule, version, since],
  );
}
