import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { Contact } from '#libs/contracts';
import { Outbox, Requests, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock } from '#libs/platform';
import {
  deleteRecipients,
  findRecipients,
  lockSync,
  setPausedUntil,
  setPreferences,
  setUnsubscribed,
  storeContacts,
} from './recipients.query.js';
import type { Recipient } from './recipients.query.js';

/** What one question may ask at most (the contract's limit). */
const MAX_IDS = 1000;
const DAY_MS = 86_400_000;

/** The projection of people: the only place of this service that holds names and addresses. */
@Injectable()
export class Recipients {
  constructor(
    private readonly database: DataSource,
    private readonly requests: Requests,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The recipients among these ids; those not met before are asked for, in one question. Throws a 503 when nobody answers. */
  async know(personIds: readonly string[]): Promise<Map<string, Recipient>> {
    const ids = [...new Set(personIds)];
    const known = byId(await findRecipients(this.database.manager, ids));
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length === 0) return known;
    await this.database.transaction((manager) => this.refresh(manager, unknown));
    return new Map([...known, ...byId(await findRecipients(this.database.manager, unknown))]);
  }

  /** What the projection holds of a person at the moment; asks nobody. */
  async find(personId: string): Promise<Recipient | undefined> {
    return (await findRecipients(this.database.manager, [personId]))[0];
  }

  /** Asks for the present truth about persons and stores it; who no longer exists is deleted with their name. */
  async refresh(manager: EntityManager, personIds: readonly string[]): Promise<void> {
    await lockSync(manager);
    const contacts = await this.ask(personIds);
    const existing = new Set(contacts.map(({ personId }) => personId));
    await storeContacts(manager, contacts);
    await deleteRecipients(
      manager,
      personIds.filter((id) => !existing.has(id)),
    );
  }

  /** Idempotent; also for a person this service has not met yet. */
  async setSubscribed(personId: string, subscribed: boolean): Promise<void> {
    const at = subscribed ? null : this.clock.now();
    const told = event('recipient.unsubscribed', { personId, subscribed });
    await this.change(personId, told, (manager) => setUnsubscribed(manager, personId, at));
  }

  /** No mails for so many days from now; 0: mails again at once. */
  async setPaused(personId: string, days: number): Promise<void> {
    const until = days > 0 ? new Date(this.clock.now().getTime() + days * DAY_MS) : null;
    const told = event('recipient.paused', { personId, until: until?.toISOString() ?? null });
    await this.change(personId, told, (manager) => setPausedUntil(manager, personId, until));
  }

  /** Which topics reach somebody and how; nobody else needs to know. */
  async setPreferences(personId: string, chosen: Pick<Recipient, 'topics' | 'digest'>): Promise<void> {
    await this.change(personId, null, (manager) => setPreferences(manager, personId, chosen));
  }

  /** Changes a recipient and tells of it in one transaction; a person not met before is asked for first. */
  private async change(
    personId: string,
    told: NewEvent | null,
    change: (manager: EntityManager) => Promise<boolean | null>,
  ): Promise<void> {
    const apply = (): Promise<boolean | null> =>
      this.database.transaction(async (manager) => {
        const changed = await change(manager);
        if (changed && told) await this.outbox.add(manager, [told]);
        return changed;
      });
    if ((await apply()) !== null) return;
    await this.know([personId]);
    await apply();
  }

  private async ask(personIds: readonly string[]): Promise<Contact[]> {
    const contacts: Contact[] = [];
    for (let from = 0; from < personIds.length; from += MAX_IDS) {
      const request = { personIds: personIds.slice(from, from + MAX_IDS) };
      contacts.push(...(await this.requests.ask('people.contacts', request)).contacts);
    }
    return contacts;
  }
}

const byId = (recipients: readonly Recipient[]): Map<string, Recipient> =>
  new Map(recipients.map((recipient) => [recipient.personId, recipient]));
