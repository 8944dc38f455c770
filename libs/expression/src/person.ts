/** What expressions may ask of a person. Null where the directory says nothing; never a name or an address. */
export interface PersonAttributes {
  id: string;
  locale?: string | null;
  zone?: string | null;
  team?: string | null;
  department?: string | null;
  location?: string | null;
  seniority?: string | null;
  /** The id of the person who leads this one. */
  lead?: string | null;
  active: boolean;
  /** Whether this person has accepted an invitation to the programme. */
  participant: boolean;
  /** Whether this person wants no mails for a while; not unless told. */
  paused?: boolean;
  consents: { ranking: boolean; mail: boolean };
  /** Local dates 'YYYY-MM-DD'. */
  joinedOn?: string | null;
  invitedOn?: string | null;
  /** Further fields of the company's directory, by name. */
  attributes?: Record<string, unknown>;
}

/** The CEL types of a person's fields; fields that may be null are dyn, so that `== null` is a fair question. */
export const PERSON_FIELDS: Readonly<Record<string, string>> = {
  id: 'string',
  locale: 'dyn',
  zone: 'dyn',
  team: 'dyn',
  department: 'dyn',
  location: 'dyn',
  seniority: 'dyn',
  lead: 'dyn',
  active: 'bool',
  participant: 'bool',
  paused: 'bool',
  consents: 'Consents',
  joinedOn: 'dyn',
  invitedOn: 'dyn',
  attributes: 'dyn',
};

/** The CEL types of a person's consents. */
export const CONSENT_FIELDS: Readonly<Record<string, string>> = { ranking: 'bool', mail: 'bool' };

/** The class behind the CEL type Consents. */
export class Consents {
  readonly ranking: boolean;
  readonly mail: boolean;
  constructor(from: PersonAttributes['consents']) {
    this.ranking = from.ranking;
    this.mail = from.mail;
  }
}

/** The class behind the CEL type Person: absent fields become null, because CEL takes a missing key for a mistake. */
export class Person {
  readonly id: string;
  readonly active: boolean;
  readonly participant: boolean;
  readonly paused: boolean;
  readonly consents: Consents;
  readonly attributes: Record<string, unknown>;
  [field: string]: unknown;

  constructor(from: PersonAttributes) {
    for (const [field, type] of Object.entries(PERSON_FIELDS)) {
      if (type === 'dyn') this[field] = from[field as keyof PersonAttributes] ?? null;
    }
    this.id = from.id;
    this.active = from.active;
    this.participant = from.participant;
    this.paused = from.paused ?? false;
    this.consents = new Consents(from.consents);
    this.attributes = from.attributes ?? {};
  }
}

const wrapped = new WeakMap<PersonAttributes, Person>();

/** The CEL value of a person; the same for the same object, which must not be changed afterwards. */
export function asPerson(attributes: PersonAttributes): Person {
  let person = wrapped.get(attributes);
  if (!person) wrapped.set(attributes, (person = new Person(attributes)));
  return person;
}
