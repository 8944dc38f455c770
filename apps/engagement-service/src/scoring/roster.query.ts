import type { EntityManager } from 'typeorm';
import { EMPTY_ROSTER, isUuid, namedBy } from '#libs/scoring';
import type { Match, Roster } from '#libs/scoring';

/** Notes whose posts are whose: only the content service knows, what partners report names nobody an author. */
export async function noteAuthors(
  manager: EntityManager,
  posts: readonly { postId: string; personId: string }[],
): Promise<void> {
  await manager.query(
    `INSERT INTO post_authors (post_id, person_id) SELECT * FROM unnest($1::text[], $2::uuid[]) ON CONFLICT DO NOTHING`,
    [posts.map(({ postId }) => postId), posts.map(({ personId }) => personId)],
  );
}

/** What rules that give to others than the actor must know of people; asks nothing where there is no such rule. */
export async function readRoster(manager: EntityManager, matches: readonly Match[]): Promise<Roster> {
  const others = matches.filter(({ rule: { to = 'actor' } }) => to !== 'actor');
  if (others.length === 0) return EMPTY_ROSTER;
  const authors = await readAuthors(manager, others);
  const named = others.flatMap(({ rule, activity }) => namedBy(rule.to!, activity, authors) ?? []);
  const { teams, zones } = await readTeams(manager, others);
  const own = await readZones(manager, named.filter(isUuid));
  return { authors, teams, zones: new Map([...zones, ...own]) };
}

async function readAuthors(manager: EntityManager, matches: readonly Match[]): Promise<Map<string, string>> {
  const posts = matches.flatMap(({ rule, activity: { data } }) =>
    rule.to === 'author' && typeof data['postId'] === 'string' ? [data['postId']] : [],
  );
  if (posts.length === 0) return new Map();
  const rows: { post: string; person: string }[] = await manager.query(
    `SELECT post_id AS post, person_id AS person FROM post_authors WHERE post_id = ANY($1::text[])`,
    [[...new Set(posts)]],
  );
  return new Map(rows.map(({ post, person }) => [post, person]));
}

async function readZones(manager: EntityManager, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows: { id: string; zone: string }[] = await manager.query(
    `SELECT id, zone FROM people WHERE id = ANY($1::uuid[]) AND active`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ id, zone }) => [id, zone]));
}

async function readTeams(
  manager: EntityManager,
  matches: readonly Match[],
): Promise<{ teams: Map<string, string[]>; zones: Map<string, string> }> {
  const actors = matches.flatMap(({ rule, activity }) => (rule.to === 'team' ? [activity.personId] : []));
  const rows: { actor: string; id: string; zone: string }[] =
    actors.length === 0
      ? []
      : await manager.query(
          `SELECT actor.id AS actor, mate.id, mate.zone FROM people actor JOIN people mate ON mate.team = actor.team AND mate.active
           WHERE actor.id = ANY($1::uuid[]) ORDER BY 1, 2`,
          [[...new Set(actors)]],
        );
  const teams = new Map<string, string[]>();
  for (const { actor, id } of rows) teams.set(actor, [...(teams.get(actor) ?? []), id]);
  return { teams, zones: new Map(rows.map(({ id, zone }) => [id, zone])) };
}
