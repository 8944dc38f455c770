import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { Contact } from '#libs/contracts';
import { Requests } from '#libs/messaging';
import { DomainError, Pollers } from '#libs/platform';

/** As many as one question may ask for. */
const PAGE = 1000;

/** What the content service keeps of people: where they belong, their language and the topics they follow; no name, no address. */
@Injectable()
export class PeopleService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly requests: Requests,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'people', work: () => this.readUnread(), everyMs: 60_000 });
  }

  /** Throws `person_unknown` or `person_left`; somebody the projection has not heard of yet is asked for. */
  async mustBeActive(personId: string): Promise<void> {
    if (!(await this.isActive(personId)))
      throw new DomainError('person_left', 422, 'This person does not take part any more.');
  }

  /** Throws `person_unknown`; also who has left is known. */
  async mustBeKnown(personId: string): Promise<void> {
    await this.isActive(personId);
  }

  private async isActive(personId: string): Promise<boolean> {
    const [known]: { active: boolean }[] = await this.database.query(
      `SELECT active FROM people WHERE person_id = $1`,
      [personId],
    );
    const active = known?.active ?? (await this.refresh(this.database.manager, [personId]))[0]?.active;
    if (active === undefined)
      throw new DomainError('person_unknown', 422, `There is no person "${personId}".`);
    return active;
  }

  /** Asks for the present truth about these people, so events may come in any order. */
  async refresh(manager: EntityManager, personIds: readonly string[]): Promise<Contact[]> {
    const { contacts } = await this.requests.ask('people.contacts', { personIds: [...new Set(personIds)] });
    const found = new Set(contacts.map(({ personId }) => personId));
    const column = (field: keyof Contact): unknown[] => contacts.map((contact) => contact[field]);
    await manager.query(
      `INSERT INTO people (person_id, team, department, location, seniority, locale, active)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[]) ORDER BY 1
       ON CONFLICT (person_id) DO UPDATE SET team = EXCLUDED.team, department = EXCLUDED.department, location = EXCLUDED.location,
         seniority = EXCLUDED.seniority, locale = EXCLUDED.locale, active = EXCLUDED.active`,
      (['personId', 'team', 'department', 'location', 'seniority', 'locale', 'active'] as const).map(column),
    );
    await this.forget(
      manager,
      personIds.filter((id) => !found.has(id)),
    );
    return contacts;
  }

  /** Who is erased leaves nothing behind that they have written; what they put forward or shared still counts, what they planned does not come. */
  private async forget(manager: EntityManager, personIds: readonly string[]): Promise<void> {
    if (personIds.length === 0) return;
    for (const table of ['people', 'own_visitors'])
      await manager.query(`DELETE FROM ${table} WHERE person_id = ANY($1::uuid[])`, [personIds]);
    await manager.query(`UPDATE suggestions SET text = '' WHERE person_id = ANY($1::uuid[]) AND text <> ''`, [
      personIds,
    ]);
    await manager.query(
      `UPDATE shares SET caption = '' WHERE person_id = ANY($1::uuid[]) AND caption <> ''`,
      [personIds],
    );
    await manager.query(
      `UPDATE planned_shares SET caption = '', status = CASE WHEN status IN ('planned', 'due') THEN 'cancelled' ELSE status END
       WHERE person_id = ANY($1::uuid[]) AND (caption <> '' OR status IN ('planned', 'due'))`,
      [personIds],
    );
  }

  /** People that were known before departments and seniority were kept. */
  private async readUnread(): Promise<number> {
    const unread: { id: string }[] = await this.database.query(
      `SELECT person_id AS id FROM people WHERE seniority IS NULL ORDER BY person_id LIMIT ${PAGE}`,
    );
    if (unread.length > 0)
      await this.refresh(
        this.database.manager,
        unread.map(({ id }) => id),
      );
    return unread.length;
  }
}
