import type { EntityManager } from 'typeorm';
import type { ProgrammeSettings } from '#libs/contracts';
import type { PersonFacts } from '#libs/workflow';

type Row = Omit<PersonFacts, 'consents' | 'calendar' | 'paused'> & {
  pausedUntil: Date | null;
  ranking: boolean;
  mail: boolean;
  zone: string;
  location: string | null;
};

const SELECT = `SELECT people.id, locale, zone, team, department, location, seniority, active,
    consents_ranking AS ranking, consents_mail AS mail, joined_on AS "joinedOn",
    paused_until AS "pausedUntil",
    EXISTS (SELECT FROM invitations WHERE person_id = people.id AND accepted_at IS NOT NULL) AS participant,
    NULLIF(COALESCE(people.lead_id, teams.lead_id), people.id) AS lead
  FROM people LEFT JOIN teams ON teams.name = people.team`;

/** These people as workflows see them, by id; at no moment in particular nobody is paused. */
export async function readPeople(
  manager: EntityManager,
  ids: readonly string[],
  settings: ProgrammeSettings,
  now?: Date,
): Promise<Map<string, PersonFacts>> {
  if (ids.length === 0) return new Map();
  const rows: Row[] = await manager.query(`${SELECT} WHERE people.id = ANY($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [row.id, factsOf(row, settings, now)]));
}

/** The next page of everybody (of one zone), in order of id. */
export async function pageOfPeople(
  manager: EntityManager,
  page: { after: string | null; zone: string | null; limit: number },
  settings: ProgrammeSettings,
  now?: Date,
): Promise<PersonFacts[]> {
  const rows: Row[] = await manager.query(
    `${SELECT} WHERE ($1::uuid IS NULL OR people.id > $1) AND ($2::text IS NULL OR zone = $2) ORDER BY people.id LIMIT $3`,
    [page.after, page.zone, page.limit],
  );
  return rows.map((row) => factsOf(row, settings, now));
}

/** The zones people live in. */
export async function readZones(manager: EntityManager): Promise<string[]> {
  const rows: { zone: string }[] = await manager.query(
    `SELECT DISTINCT zone FROM people WHERE active ORDER BY zone`,
  );
  return rows.map(({ zone }) => zone);
}

function factsOf(
  { ranking, mail, pausedUntil, ...row }: Row,
  settings: ProgrammeSettings,
  now?: Date,
): PersonFacts {
  const holidays = settings.locations[row.location ?? '']?.holidays ?? [];
  return {
    ...row,
    paused: pausedUntil !== null && now !== undefined && pausedUntil > now,
    consents: { ranking, mail },
    calendar: { zone: row.zone, workingDays: settings.working_days, holidays },
  };
}
