import { audienceSql, compileExpression } from '#libs/expression';

const YES_OR_NO = ['active', 'participant', 'consents.ranking', 'consents.mail'];
/** What the directory keeps of everybody; a pause comes and goes by itself. */
const FIELDS = ['id', 'locale', 'zone', 'team', 'department', 'location', 'seniority', 'joinedOn', 'lead'];

/** Why a condition cannot say who is on a board (of a whole company it is asked in SQL); null when it can. */
export function audienceProblem(audience: string): string | null {
  const compiled = compileExpression(audience, 'audience', { expects: 'bool' });
  if (!compiled.ok) return compiled.error.message;
  const sql = audienceSql(audience, { column, metric: () => 'SELECT 0' });
  return sql ? null : 'this condition is too much for a board';
}

function column(field: string): { sql: string; type: 'text' | 'bool' } | null {
  if (YES_OR_NO.includes(field)) return { sql: field, type: 'bool' };
  return FIELDS.includes(field) ? { sql: field, type: 'text' } : null;
}
