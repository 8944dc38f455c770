import type { NatsConnection } from '@nats-io/transport-node';
import type { Contact, RequestName } from '#libs/contracts';
import { Namespace } from '#libs/contracts';
import { hashKey, newId, newKey } from '#libs/platform';

const PART = 100_000;

/** Answers what the engagement service would, from what the test puts here. */
export class FakeEngagement {
  readonly adminKey = newKey();
  readonly contacts = new Map<string, Contact>();
  readonly links = new Map<string, string>();
  /** The files of programme versions that were applied. */
  readonly programmes = new Map<number, Record<string, string>>();
  /** How often each question was asked. */
  readonly asked: Partial<Record<RequestName, number>> = {};

  constructor(connection: NatsConnection) {
    this.answer(connection, 'people.contacts', ({ personIds }: { personIds: string[] }) => ({
      contacts: personIds.flatMap((id) => this.contacts.get(id) ?? []),
    }));
    this.answer(connection, 'invitations.links', ({ invitationIds }: { invitationIds: string[] }) => ({
      links: invitationIds.flatMap((id) =>
        this.links.has(id) ? [{ invitationId: id, url: this.links.get(id)! }] : [],
      ),
    }));
    this.answer(connection, 'programme.files', ({ version, part }: { version: number; part: number }) => {
      const text = JSON.stringify(this.programmes.get(version));
      return { text: text.slice(part * PART, (part + 1) * PART), more: text.length > (part + 1) * PART };
    });
    this.answer(connection, 'access.resolve', ({ keyHash }: { keyHash: string }) => ({
      key:
        keyHash === hashKey(this.adminKey) ? { keyId: newId(), name: 'test', role: 'admin' as const } : null,
    }));
  }

  /** A new person who takes part; `more` changes what matters to the test. */
  person(more: Partial<Contact> = {}): Contact {
    const personId = newId();
    const contact: Contact = {
      personId,
      name: 'Anna Example',
      email: `p-${personId.slice(0, 8)}@people.example`,
      locale: 'en',
      zone: 'Europe/Rome',
      team: null,
      department: null,
      location: null,
      seniority: 'staff',
      active: true,
      consentsRanking: true,
      consentsMail: true,
      ...more,
    };
    this.contacts.set(contact.personId, contact);
    return contact;
  }

  private answer<Q>(connection: NatsConnection, name: RequestName, reply: (question: Q) => unknown): void {
    connection.subscribe(new Namespace('laurel').request(name), {
      callback: (_error, message) => {
        this.asked[name] = (this.asked[name] ?? 0) + 1;
        message.respond(JSON.stringify({ reply: reply(message.json()) }));
      },
    });
  }
}
