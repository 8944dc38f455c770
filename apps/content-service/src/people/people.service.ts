import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { Contact } from '#libs/contracts';
import { Requests } from '#libs/messaging';
import { DomainError } from '#libs/platform';

/** What the content service keeps of people: who exists, their team and language; no name, no address. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly database: DataSource,
    private readonly requests: Requests,
  ) {}

  /** Throws `person_unknown` or `person_left`; somebody the projection has not heard of yet is asked for. */
  async mustBeActive(personId: string): Promise<void> {
    const [known]: { active: boolean }[] = await this.database.query(
      `SELECT active FROM people WHERE person_id = $1`,
      [personId],
    );
    const active = known?.active ?? (await this.refresh(this.database.manager, [personId]))[0]?.active;
    if (active === undefined)
      throw new DomainError('person_unknown', 422, `There is no person "${personId}".`);
    if (!active) throw new DomainError('person_left', 422, 'This person does not take part any more.');
  }

  /** Asks for the present truth about these people, so events may come in any order. */
  async refresh(manager: EntityManager, personIds: readonly string[]): Promise<Contact[]> {
    const { contacts } = await this.requests.ask('people.contacts', { personIds: [...new Set(personIds)] });
    const found = new Set(contacts.map(({ personId }) => personId));
    await manager.query(
      `INSERT INTO people (person_id, team, locale, active)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[]) ORDER BY 1
       ON CONFLICT (person_id) DO UPDATE SET team = EXCLUDED.team, locale = EXCLUDED.locale, active = EXCLUDED.active`,
      [
        contacts.map((c) => c.personId),
        contacts.map((c) => c.team),
        contacts.map((c) => c.locale),
        contacts.map((c) => c.active),
      ],
    );
    await manager.query(`DELETE FROM people WHERE person_id = ANY($1::uuid[])`, [
      personIds.filter((id) => !found.has(id)),
    ]);
    return contacts;
  }
}
