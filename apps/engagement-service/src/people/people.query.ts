import type { EntityManager } from 'typeorm';
import type { Contact } from '#libs/contracts';
import { newId } from '#libs/platform';
import type { PersonInput } from './person.schema.js';

export interface Upserted {
  id: string;
  email: string;
  created: boolean;
  /** What an update changed, by the names of the API. */
  fields: string[];
}

type Known = Record<string, unknown> & { email: string };

/** Of somebody new of whom the file does not say. */
const DEFAULTS = { locale: 'en', seniority: 'employee' };

/**
 * Inserts or updates people by e-mail in one statement, in one order, so that two imports at once wait for each other.
 * What a row does not speak of stays as it is. Leads are linked afterwards, when all rows are there.
 */
export async function upsertPeople(
  manager: EntityManager,
  people: readonly PersonInput[],
  now: Date,
): Promise<Upserted[]> {
  const rows = people.map((person) => ({ ...person, id: newId(), given: givenIn(person) }));
  const before = await knownAs(manager, people);
  const upserted: Upserted[] = await manager.query(
    `INSERT INTO people (id, email, name, external_id, locale, zone, team, department, location, seniority, joined_on, created_at, updated_at)
     SELECT p.id, p.email, p.name, COALESCE(p."externalId", old.external_id), COALESCE(p.locale, old.locale, $3), p.zone,
       CASE WHEN p.given ? 'team' THEN p.team ELSE old.team END,
       CASE WHEN p.given ? 'department' THEN p.department ELSE old.department END,
       CASE WHEN p.given ? 'location' THEN p.location ELSE old.location END,
       COALESCE(p.seniority, old.seniority, $4),
       CASE WHEN p.given ? 'joinedOn' THEN p."joinedOn" ELSE old.joined_on END, $2, $2
     FROM jsonb_to_recordset($1::jsonb) AS p(id uuid, email text, name text, "externalId" text, locale text, zone text,
       team text, department text, location text, seniority text, "joinedOn" date, given jsonb)
     LEFT JOIN people old ON old.email = p.email
     ORDER BY p.email ON CONFLICT (email) DO UPDATE SET name = EXCLUDED.name, external_id = EXCLUDED.external_id,
       locale = EXCLUDED.locale, zone = EXCLUDED.zone, team = EXCLUDED.team, department = EXCLUDED.department,
       location = EXCLUDED.location, seniority = EXCLUDED.seniority, joined_on = EXCLUDED.joined_on, updated_at = EXCLUDED.updated_at
     RETURNING id, email, xmax = 0 AS created`,
    [JSON.stringify(rows), now, DEFAULTS.locale, DEFAULTS.seniority],
  );
  await addTeams(
    manager,
    people.flatMap((person) => person.team ?? []),
  );
  await linkLeads(manager, people);
  const after = await knownAs(manager, people);
  return upserted.map((row) => ({ ...row, fields: differing(before.get(row.email), after.get(row.email)!) }));
}

/** What is known of these people, by e-mail; locked, so that what changes is known exactly. */
async function knownAs(manager: EntityManager, people: readonly PersonInput[]): Promise<Map<string, Known>> {
  const rows: Known[] = await manager.query(
    `SELECT email, name, external_id AS "externalId", locale, zone, team, department, location, seniority,
       lead_id AS "leadId", joined_on AS "joinedOn"
     FROM people WHERE email = ANY($1) ORDER BY email FOR UPDATE`,
    [people.map(({ email }) => email)],
  );
  return new Map(rows.map((row) => [row.email, row]));
}

const differing = (before: Known | undefined, after: Known): string[] =>
  before ? Object.keys(after).filter((field) => before[field] !== after[field]) : [];

const givenIn = (person: PersonInput): string[] =>
  Object.entries(person).flatMap(([name, value]) => (value === undefined ? [] : [name]));

/** A team comes into being with its first member. */
export async function addTeams(manager: EntityManager, names: readonly string[]): Promise<void> {
  await manager.query(
    `INSERT INTO teams (name) SELECT DISTINCT name FROM unnest($1::text[]) AS name ORDER BY name ON CONFLICT DO NOTHING`,
    [names],
  );
}

async function linkLeads(manager: EntityManager, people: readonly PersonInput[]): Promise<void> {
  const told = people.filter((person) => person.lead !== undefined);
  await manager.query(
    `UPDATE people SET lead_id = lead.id
     FROM unnest($1::text[], $2::text[]) AS pair(email, lead_email) LEFT JOIN people lead ON lead.email = pair.lead_email
     WHERE people.email = pair.email AND people.lead_id IS DISTINCT FROM lead.id`,
    [told.map((person) => person.email), told.map((person) => person.lead)],
  );
}

/** Which of these e-mails belong to somebody. */
export async function knownEmails(manager: EntityManager, emails: readonly string[]): Promise<Set<string>> {
  const rows: { email: string }[] = await manager.query(`SELECT email FROM people WHERE email = ANY($1)`, [
    emails,
  ]);
  return new Set(rows.map((row) => row.email));
}

/** External ids that already belong to another e-mail. */
export async function takenExternalIds(
  manager: EntityManager,
  people: readonly PersonInput[],
): Promise<Map<string, string>> {
  const ids = people.flatMap((person) => person.externalId ?? []);
  const rows: { externalId: string; email: string }[] = await manager.query(
    `SELECT external_id AS "externalId", email FROM people WHERE external_id = ANY($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.externalId, row.email]));
}

/** What other services may know of these people. */
export function contacts(manager: EntityManager, personIds: readonly string[]): Promise<Contact[]> {
  return manager.query(
    `SELECT id AS "personId", name, email, locale, zone, team, department, location, seniority, active,
       consents_ranking AS "consentsRanking", consents_mail AS "consentsMail"
     FROM people WHERE id = ANY($1::uuid[])`,
    [personIds],
  );
}
