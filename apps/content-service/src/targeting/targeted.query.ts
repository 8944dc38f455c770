import type { EntityManager } from 'typeorm';
import { audienceCondition } from './audience.js';
import type { Target } from './target.schema.js';

/** A condition over `posts` and `people`, with its parameters. */
export interface Condition {
  sql: string;
  parameters: unknown[];
}

const LISTS: Readonly<Record<Exclude<keyof Target, 'audience'>, string>> = {
  teams: '? people.team',
  departments: '? people.department',
  locations: '? people.location',
  seniorities: '? people.seniority',
  languages: '? people.language',
  interests: '?| people.interests',
};

/** The criteria of a target, in the order they are told. */
export const criteria = [...Object.keys(LISTS), 'audience'] as (keyof Target)[];

/** By criterion: true or false for every post and person, never NULL; what a post does not ask for holds. `offset`: parameters before. */
export async function criteriaOf(
  manager: EntityManager,
  offset: number,
): Promise<{ of: Record<keyof Target, string>; parameters: unknown[] }> {
  const rows: { source: string }[] = await manager.query(
    `SELECT DISTINCT target ->> 'audience' AS source FROM posts WHERE target ? 'audience' ORDER BY 1`,
  );
  const audience = audiences(
    rows.map(({ source }) => source),
    offset,
  );
  const lists = Object.entries(LISTS).map(([name, test]) => [
    name,
    criterion(name, `posts.target -> '${name}' ${test}`),
  ]);
  return {
    of: { ...Object.fromEntries(lists), audience: criterion('audience', audience.sql) },
    parameters: audience.parameters,
  };
}

const criterion = (name: string, test: string): string =>
  `(CASE WHEN posts.target ? '${name}' THEN COALESCE(${test}, false) ELSE true END)`;

/** Every expression is a branch, so that one statement answers for all posts; one that cannot be asked any more is for nobody. */
function audiences(sources: readonly string[], offset: number): Condition {
  const parameters: unknown[] = [];
  const add = (value: unknown): string => `$${offset + parameters.push(value)}`;
  const branches = sources.map((source) => {
    const name = add(source);
    const asked = audienceCondition(source, offset + parameters.length);
    parameters.push(...(asked?.parameters ?? []));
    return `WHEN ${name} THEN ${asked?.condition ?? 'false'}`;
  });
  const sql =
    branches.length === 0 ? 'false' : `CASE posts.target ->> 'audience' ${branches.join(' ')} ELSE false END`;
  return { sql, parameters };
}

/** Whether a post is for a person, whatever its language: one condition for any number of both. */
export async function targeted(manager: EntityManager, offset: number): Promise<Condition> {
  const { of, parameters } = await criteriaOf(manager, offset);
  return { sql: `(posts.target IS NULL OR (${criteria.map((name) => of[name]).join(' AND ')}))`, parameters };
}

/** Whether a post is shown to a person: it is for them, and in their language or the programme's first. */
export async function shown(manager: EntityManager, fallback: string, offset: number): Promise<Condition> {
  const { sql, parameters } = await targeted(manager, offset + 1);
  return {
    sql: `(posts.languages && ARRAY[people.language, $${offset + 1}::text] AND ${sql})`,
    parameters: [fallback, ...parameters],
  };
}

/**
 * The posts that at least one active person of `groups.name` is shown, where `groups` are values of a column of people. A post for other
 * teams is told by its target alone; without that the members of every team would be asked one by one.
 */
export const seenBy = (column: 'team' | 'language', { sql }: Condition): string =>
  `${column === 'team' ? `COALESCE(posts.target -> 'teams' ? groups.name, true) AND ` : ''}EXISTS (
     SELECT FROM people WHERE people.active AND people.${column} = groups.name AND ${sql})`;
