import type { EntityManager } from 'typeorm';
import type { Contact, MailTopic } from '#libs/contracts';

/** What this service keeps of a person in order to write to them. */
export interface Recipient {
  personId: string;
  name: string;
  email: string;
  locale: string;
  zone: string;
  active: boolean;
  consentsRanking: boolean;
  consentsMail: boolean;
  unsubscribedAt: Date | null;
  /** No mails before this instant. */
  pausedUntil: Date | null;
  /** Why nothing is sent to this address, where the suppression list was asked. */
  suppressed?: string | undefined;
  location: string | null;
  /** What was chosen; a topic that is not there comes at once. */
  topics: Partial<Record<MailTopic, TopicChoice>>;
  /** How often the digest comes; null: as the programme has it. */
  digest: DigestChoice | null;
}

/** How mails of a topic reach somebody. */
export const topicChoices = ['now', 'digest', 'off'] as const;
/** One of them, or a channel of the programme by its id. */
export type TopicChoice = (typeof topicChoices)[number] | `by:${string}`;
/** The channel that a choice names; null for the others. */
export const channelIn = (choice: TopicChoice): string | null =>
  choice.startsWith('by:') ? choice.slice('by:'.length) : null;
export const digestChoices = ['daily', 'weekly', 'off'] as const;
export type DigestChoice = (typeof digestChoices)[number];

const SYNC_LOCK = 7_202_612;

/**
 * Held from before the question until its answer is stored: an older answer can then never overwrite a newer one,
 * nor bring an erased person back.
 */
export async function lockSync(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [SYNC_LOCK]);
}

export async function findRecipients(
  manager: EntityManager,
  personIds: readonly string[],
): Promise<Recipient[]> {
  return manager.query(
    `SELECT person_id AS "personId", name, email, locale, zone, active, consents_ranking AS "consentsRanking",
            consents_mail AS "consentsMail", unsubscribed_at AS "unsubscribedAt",
            paused_until AS "pausedUntil", location, topics, digest
     FROM recipients WHERE person_id = ANY($1::uuid[])`,
    [personIds],
  );
}

/** Stores the present truth about persons; whether they unsubscribed is ours to know and stays. */
export async function storeContacts(manager: EntityManager, contacts: readonly Contact[]): Promise<void> {
  await manager.query(
    `INSERT INTO recipients (person_id, name, email, locale, zone, active, consents_ranking, consents_mail, location)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::boolean[], $9::text[])
     ON CONFLICT (person_id) DO UPDATE SET
       name = EXCLUDED.name, email = EXCLUDED.email, locale = EXCLUDED.locale, zone = EXCLUDED.zone,
       active = EXCLUDED.active, consents_ranking = EXCLUDED.consents_ranking, consents_mail = EXCLUDED.consents_mail,
       location = EXCLUDED.location`,
    (
      [
        'personId',
        'name',
        'email',
        'locale',
        'zone',
        'active',
        'consentsRanking',
        'consentsMail',
        'location',
      ] as const
    ).map((key) => contacts.map((contact) => contact[key])),
  );
}

export async function deleteRecipients(manager: EntityManager, personIds: readonly string[]): Promise<void> {
  await manager.query(`DELETE FROM recipients WHERE person_id = ANY($1::uuid[])`, [personIds]);
}

/** Sets or clears the unsubscription; the first moment of it is kept. Tells whether that changed anything, null when the person is not here. */
export async function setUnsubscribed(
  manager: EntityManager,
  personId: string,
  at: Date | null,
): Promise<boolean | null> {
  return changed(
    manager,
    `WITH before AS (SELECT person_id, unsubscribed_at FROM recipients WHERE person_id = $1 FOR UPDATE)
     UPDATE recipients r SET unsubscribed_at = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE coalesce(r.unsubscribed_at, $2) END
     FROM before WHERE r.person_id = before.person_id
     RETURNING before.unsubscribed_at IS DISTINCT FROM r.unsubscribed_at AS changed`,
    [personId, at],
  );
}

/** Sets the end of a pause, or ends it; answers as setUnsubscribed. */
export async function setPausedUntil(
  manager: EntityManager,
  personId: string,
  until: Date | null,
): Promise<boolean | null> {
  return changed(
    manager,
    `WITH before AS (SELECT person_id, paused_until FROM recipients WHERE person_id = $1 FOR UPDATE)
     UPDATE recipients r SET paused_until = $2 FROM before WHERE r.person_id = before.person_id
     RETURNING before.paused_until IS DISTINCT FROM r.paused_until AS changed`,
    [personId, until],
  );
}

/** Sets what somebody chose; answers as setUnsubscribed. */
export async function setPreferences(
  manager: EntityManager,
  personId: string,
  { topics, digest }: Pick<Recipient, 'topics' | 'digest'>,
): Promise<boolean | null> {
  return changed(
    manager,
    `WITH before AS (SELECT person_id, topics, digest FROM recipients WHERE person_id = $1 FOR UPDATE)
     UPDATE recipients r SET topics = $2, digest = $3 FROM before WHERE r.person_id = before.person_id
     RETURNING before.topics <> r.topics OR before.digest IS DISTINCT FROM r.digest AS changed`,
    [personId, JSON.stringify(topics), digest],
  );
}

async function changed(
  manager: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<boolean | null> {
  const [[row]]: [{ changed: boolean }[], number] = await manager.query(sql, [...parameters]);
  return row ? row.changed : null;
}
