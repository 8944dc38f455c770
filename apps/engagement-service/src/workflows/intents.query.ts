import type { EntityManager } from 'typeorm';
import { rowsOf } from './columns.js';

/** Something that is to happen once. */
export interface Intended {
  intentKey: string;
  runId: string;
  rootId: string;
  workflowId: string;
  stepId: string;
  kind: string;
  personId: string | null;
  /** The template, badge or points, for people to read. */
  what: string;
}

/** Notes what is intended and returns the keys that never were before: this is what makes a mail or a point single. */
export async function noteIntents(
  manager: EntityManager,
  intents: readonly Intended[],
  now: Date,
): Promise<Set<string>> {
  if (intents.length === 0) return new Set();
  const at = now.toISOString();
  const of = (field: keyof Intended): (string | null)[] => intents.map((intent) => intent[field]);
  const { names, values, table, parameters } = rowsOf([
    ['intent_key', 'text', of('intentKey')],
    ['run_id', 'text', of('runId')],
    ['root_id', 'text', of('rootId')],
    ['workflow_id', 'text', of('workflowId')],
    ['step_id', 'text', of('stepId')],
    ['kind', 'text', of('kind')],
    ['person_id', 'uuid', of('personId')],
    ['what', 'text', of('what')],
    ['at', 'timestamptz', intents.map(() => at)],
  ]);
  const noted: { key: string }[] = await manager.query(
    `INSERT INTO intents (${names}) SELECT ${values} FROM ${table} ON CONFLICT DO NOTHING RETURNING intent_key AS key`,
    parameters,
  );
  return new Set(noted.map(({ key }) => key));
}
