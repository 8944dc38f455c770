import { Injectable } from '@nestjs/common';
import { Requests } from '#libs/messaging';
import { Clock } from '#libs/platform';
import { Suppressions } from '../bounces/suppressions.service.js';
import { Programme } from '../programme/programme.js';
import { Recipients } from '../recipients/recipients.service.js';
import type { Recipient } from '../recipients/recipients.query.js';
import { Pacing } from '../pacing/pacing.service.js';
import type { Manner } from '../pacing/manner.js';
import type { DueMail, Step } from '../pacing/plan.js';
import { Templates } from '../templates/templates.service.js';
import { isPersonal } from './delivery.js';
import type { ClaimedDelivery, Outcome, PersonalDelivery } from './delivery.js';
import { isUuid, personIdsIn } from './enrichment.js';
import { keptBy, refusal } from './gate.js';
import { DIGEST } from './letter-orders.js';
import type { Knowledge } from './letter-orders.js';
import { Posts } from './posts.js';
import { Writing } from './writing.js';
import type { Parcel } from './writing.js';

/** What a batch comes to: mails to send, and deliveries that are settled without one. */
export interface Written {
  parcels: Parcel[];
  outcomes: { delivery: ClaimedDelivery; outcome: Outcome }[];
}

/** Turns claimed deliveries into mails: who may be written to now, what goes together, and the words. */
@Injectable()
export class Letters {
  constructor(
    private readonly recipients: Recipients,
    private readonly requests: Requests,
    private readonly templates: Templates,
    private readonly pacing: Pacing,
    private readonly writing: Writing,
    private readonly clock: Clock,
    private readonly programme: Programme,
    private readonly suppressions: Suppressions,
    private readonly posts: Posts,
  ) {}

  /** One question per kind and batch. Throws when nobody answers; then nothing was sent and the batch can be given back. */
  async write(batch: readonly ClaimedDelivery[]): Promise<Written> {
    const personal = batch.filter(isPersonal);
    const posts = batch.filter((delivery) => !isPersonal(delivery));
    const written = [await this.toPeople(personal), await this.posts.write(posts)];
    return {
      parcels: written.flatMap(({ parcels }) => parcels),
      outcomes: written.flatMap(({ outcomes }) => outcomes),
    };
  }

  private async toPeople(batch: readonly PersonalDelivery[]): Promise<Written> {
    if (batch.length === 0) return { parcels: [], outcomes: [] };
    const knowledge = await this.know(batch);
    const kept = batch.map((delivery) => ({ delivery, outcome: this.keptBy(delivery, knowledge) }));
    const outcomes = kept.flatMap(({ delivery, outcome }) => (outcome ? [{ delivery, outcome }] : []));
    const going = kept.filter(({ outcome }) => outcome === null).map(({ delivery }) => delivery);
    const steps = await this.plan(going, knowledge);
    const byId = new Map(going.map((delivery) => [delivery.id, delivery]));
    const groups = steps.flatMap((step) => (step.go === 'now' ? [step.ids.map((id) => byId.get(id)!)] : []));
    const written = await this.writing.write(groups, knowledge);
    const waiting = steps.flatMap((step) => this.waiting(step, byId));
    return { parcels: written.parcels, outcomes: [...outcomes, ...waiting, ...written.outcomes] };
  }

  /** The deliveries' people and links, and those of everybody their data speaks of. */
  async know(batch: readonly PersonalDelivery[]): Promise<Knowledge> {
    const ids = batch.flatMap(({ personId, data }) => [personId, ...personIdsIn(data)]);
    const people = await this.recipients.know(ids);
    const suppressed = await this.suppressions.among(people.values());
    for (const [personId, reason] of suppressed) people.get(personId)!.suppressed = reason;
    const now = this.clock.now();
    const links = await this.linksFor(batch.filter(({ personId }) => !refusal(people.get(personId), now)));
    return { people, links };
  }

  private async linksFor(batch: readonly PersonalDelivery[]): Promise<Map<string, string>> {
    const named = (field: string): string[] => [
      ...new Set(batch.map(({ data }) => data[field]).filter(isUuid)),
    ];
    const [invitationIds, plannedShareIds] = [named('invitationId'), named('plannedShareId')];
    const found = new Map<string, string>();
    if (invitationIds.length > 0) {
      const { links } = await this.requests.ask('invitations.links', { invitationIds });
      for (const { invitationId, url } of links) found.set(invitationId, url);
    }
    if (plannedShareIds.length > 0) {
      const { links } = await this.requests.ask('shares.links', { plannedShareIds });
      for (const { plannedShareId, url } of links) found.set(plannedShareId, url);
    }
    return found;
  }

  private keptBy(delivery: PersonalDelivery, { people, links }: Knowledge): Outcome | null {
    return keptBy(delivery, {
      to: people.get(delivery.personId),
      manner: this.mannerOf(delivery),
      links,
      settings: this.programme.settings,
      now: this.clock.now(),
    });
  }

  private plan(going: readonly PersonalDelivery[], { people }: Knowledge): Promise<Step[]> {
    const byPerson = new Map<string, PersonalDelivery[]>();
    for (const delivery of going) {
      const mails = byPerson.get(delivery.personId);
      if (mails) mails.push(delivery);
      else byPerson.set(delivery.personId, [delivery]);
    }
    const due = [...byPerson].map(([personId, mails]) => {
      const to = people.get(personId)!;
      return { to, mails: mails.map((delivery) => this.dueMail(delivery, to)) };
    });
    return this.pacing.plan(due, this.templates.has(DIGEST));
  }

  /** A line of a digest carries no entry for the calendar, and one that is moved or taken away cannot wait. */
  private mannerOf({ template, calendar }: PersonalDelivery): Manner {
    const manner = this.templates.mannerOf(template);
    return calendar ? { ...manner, priority: 'urgent' } : manner;
  }

  private dueMail(delivery: PersonalDelivery, to: Recipient): DueMail {
    const { id, requestedAt, held, counted, bundle } = delivery;
    const { priority, topic } = this.mannerOf(delivery);
    const wished = to.topics[topic] === 'digest';
    return { id, priority, requestedAt: requestedAt.getTime(), wished, held, counted, bundle };
  }

  private waiting(step: Step, byId: ReadonlyMap<string, PersonalDelivery>): Written['outcomes'] {
    if (step.go === 'now') return [];
    const delivery = byId.get(step.id)!;
    const { cap } = this.pacing.settings;
    const full = cap ? `there were ${cap.mails} mails in ${cap.days} days` : '';
    if (step.go === 'never')
      return [
        { delivery, outcome: { kind: 'suppressed', reason: `${full}, and the person wants no digest` } },
      ];
    const waits = step.why === 'wish' ? 'the person wants this topic in the digest' : full;
    const reason = step.why === 'cap' && step.held ? `${waits}, so it waits for the digest` : waits;
    return [{ delivery, outcome: { kind: 'waits', until: new Date(step.until), reason, held: step.held } }];
  }
}
