import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, notFound } from '#libs/platform';
import { Person } from './person.entity.js';
import type { PersonInput, PersonPatch } from './person.schema.js';
import { addTeams, knownEmails, takenExternalIds, upsertPeople } from './people.query.js';
import type { Upserted } from './people.query.js';

/** A row that was not taken over, and why. */
export interface Rejected {
  email: string;
  reason: string;
}

/** The directory of colleagues. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Takes over what can be taken over; the rest comes back with reasons. All or nothing within the good rows. */
  async upsert(people: readonly PersonInput[]): Promise<{ upserted: Upserted[]; rejected: Rejected[] }> {
    return this.database.transaction(async (manager) => {
      const known = await knownEmails(
        manager,
        people.flatMap((person) => person.lead ?? []),
      );
      const taken = await takenExternalIds(manager, people);
      // Within the file the first keeps it.
      for (const { externalId, email } of people)
        if (externalId && !taken.has(externalId)) taken.set(externalId, email);
      const { good, rejected } = sift(people, known, taken);
      const upserted = good.length > 0 ? await upsertPeople(manager, good, this.clock.now()) : [];
      await this.outbox.add(
        manager,
        upserted
          .filter(({ created, fields }) => created || fields.length > 0)
          .map(({ id, created, fields }) =>
            event('person.changed', { personId: id, change: created ? 'created' : 'updated', fields }),
          ),
      );
      return { upserted, rejected };
    });
  }

  async patch(id: string, patch: PersonPatch): Promise<Person> {
    return this.database.transaction(async (manager) => {
      const person = await manager.findOne(Person, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!person) throw notFound('person', id);
      if (patch.leadId && !(await manager.existsBy(Person, { id: patch.leadId })))
        throw notFound('person', patch.leadId);
      if (patch.team) await addTeams(manager, [patch.team]);
      const fields = changedFields(person, patch);
      Object.assign(person, patch, { updatedAt: this.clock.now() });
      await manager.save(person);
      const change = patch.active === false ? 'left' : 'updated';
      await this.outbox.add(manager, [event('person.changed', { personId: id, change, fields })]);
      return person;
    });
  }

  async get(id: string): Promise<Person> {
    const person = await this.database.manager.findOneBy(Person, { id });
    if (!person) throw notFound('person', id);
    return person;
  }

  /** In order of name. */
  async list(filter: {
    team?: string | undefined;
    email?: string | undefined;
    limit: number;
    offset: number;
  }): Promise<Person[]> {
    return this.database.manager.find(Person, {
      where: {
        ...(filter.team ? { team: filter.team } : {}),
        ...(filter.email ? { email: filter.email.toLowerCase() } : {}),
      },
      order: { name: 'ASC', id: 'ASC' },
      take: filter.limit,
      skip: filter.offset,
    });
  }

  /** Throws `person_unknown` naming every id nobody has. */
  async mustExist(ids: readonly string[]): Promise<void> {
    const missing: { id: string }[] = await this.database.query(
      `SELECT id FROM unnest($1::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM people WHERE people.id = id.id)`,
      [[...new Set(ids)]],
    );
    if (missing.length === 0) return;
    const fields = missing.map(({ id }) => ({ path: 'personId', message: `there is no person "${id}"` }));
    throw new DomainError('person_unknown', 422, `${missing.length} of the persons are unknown.`, fields);
  }
}

/** Which fields a patch changes, by their names in the API. */
const changedFields = (person: Person, patch: PersonPatch): string[] =>
  Object.entries(patch).flatMap(([field, value]) =>
    value !== undefined && value !== person[field as keyof Person] ? [field] : [],
  );

/** Somebody whose lead is refused has no lead either, so refusing goes on until nothing changes. */
function sift(
  people: readonly PersonInput[],
  known: ReadonlySet<string>,
  taken: ReadonlyMap<string, string>,
): { good: readonly PersonInput[]; rejected: Rejected[] } {
  const rejected: Rejected[] = [];
  for (let good = people; ;) {
    const reachable = new Set([...known, ...good.map(({ email }) => email)]);
    const more = good.flatMap((person) => rejection(person, reachable, taken));
    if (more.length === 0) return { good, rejected };
    rejected.push(...more);
    const refused = new Set(more.map(({ email }) => email));
    good = good.filter(({ email }) => !refused.has(email));
  }
}

function rejection(
  person: PersonInput,
  known: ReadonlySet<string>,
  taken: ReadonlyMap<string, string>,
): Rejected[] {
  const { email, lead, externalId } = person;
  if (lead && !known.has(lead))
    return [
      { email, reason: `lead: nobody has the e-mail ${lead}; add that person first or in the same file` },
    ];
  const owner = externalId ? taken.get(externalId) : undefined;
  if (owner !== undefined && owner !== email)
    return [{ email, reason: `externalId: "${externalId}" belongs to another person` }];
  return [];
}
