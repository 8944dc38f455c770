import { audienceSql, compileExpression } from '#libs/expression';
import type { Sql } from '#libs/expression';

/** What an audience of a post may ask of a person: what this service keeps of people. */
const COLUMNS: Readonly<Record<string, { sql: string; type: 'text' | 'bool' }>> = {
  id: { sql: 'people.person_id::text', type: 'text' },
  locale: { sql: 'people.locale', type: 'text' },
  team: { sql: 'people.team', type: 'text' },
  department: { sql: 'people.department', type: 'text' },
  location: { sql: 'people.location', type: 'text' },
  seniority: { sql: 'people.seniority', type: 'text' },
  active: { sql: 'people.active', type: 'bool' },
};
const FIELDS = Object.keys(COLUMNS).map((field) => `person.${field}`);

/** The condition over `people`; null when the expression asks for what is not known here. `offset`: parameters before its own. */
export const audienceCondition = (source: string, offset: number): Sql | null =>
  audienceSql(source, { column: (field) => COLUMNS[field] ?? null, metric: () => null, offset });

/** Null when the expression can be asked of people, else one sentence with the column (from 1) of the mistake. */
export function audienceMistake(source: string): string | null {
  const compiled = compileExpression(source, 'audience', { expects: 'bool' });
  if (!compiled.ok) {
    const { message, mend, offset } = compiled.error;
    return `column ${(offset ?? 0) + 1}: ${message}${mend ? `; ${mend}` : ''}`;
  }
  const stranger = compiled.expression.paths.find((path) => !FIELDS.includes(path));
  if (stranger !== undefined)
    return `column ${source.indexOf(stranger) + 1}: ${stranger} is not known to the library; use ${FIELDS.join(', ')}`;
  if (audienceCondition(source, 0) === null)
    return 'column 1: this cannot be asked of all people at once; compare fields with ==, !=, in, startsWith, endsWith or contains';
  return null;
}
