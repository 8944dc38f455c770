import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, DomainError, newId, notFound } from '#libs/platform';
import type { Recipient } from '../recipients/recipients.query.js';
import { Recipients } from '../recipients/recipients.service.js';
import { ReturnPaths } from './return-paths.js';
import * as query from './suppressions.query.js';
import type {
  Suppression,
  SuppressionCause,
  SuppressionFilter,
  SuppressionRow,
} from './suppressions.query.js';

/** As REST shows it: neither the address nor its hash. */
export interface SuppressionView extends Omit<Suppression, 'addressHash'> {
  /** False: it was released, or the person has another address by now. */
  inForce: boolean;
}

const words: Record<SuppressionCause, string> = {
  hard_bounce: 'mails to this address came back for good',
  soft_bounces: 'too many mails to this address came back',
  complaint: 'the person complained about a mail',
  by_hand: 'an administrator suppressed it',
};

/** The suppression list: whom nothing is sent to, why, and since when. */
@Injectable()
export class Suppressions {
  constructor(
    private readonly database: DataSource,
    private readonly recipients: Recipients,
    private readonly paths: ReturnPaths,
    private readonly clock: Clock,
  ) {}

  /** Why each of these people is not to be written to; who may be is not in the map. One question for all. */
  async among(people: Iterable<Recipient>): Promise<Map<string, string>> {
    const byId = new Map([...people].map((person) => [person.personId, person]));
    const standing = byId.size > 0 ? await query.standingOf(this.database.manager, [...byId.keys()]) : [];
    const inForce = standing.filter(({ personId, addressHash }) =>
      this.concerns(addressHash, byId.get(personId)!.email),
    );
    return new Map(inForce.map(({ personId, cause }) => [personId, `suppressed: ${words[cause]}`]));
  }

  /** Adds one inside the caller's transaction; false when one stands already. */
  add(
    manager: EntityManager,
    suppression: Pick<Suppression, 'personId' | 'cause' | 'status' | 'reason' | 'bounceId'> & {
      email: string;
    },
  ): Promise<boolean> {
    const { email, ...rest } = suppression;
    const addressHash = this.paths.hashOf(email);
    return query.suppress(manager, {
      ...rest,
      id: newId(),
      addressHash,
      at: this.clock.now(),
      addedBy: 'bounces',
    });
  }

  /** A page, newest first; `next` goes into `after`. */
  async list(
    filter: SuppressionFilter & { email?: string | undefined },
  ): Promise<{ items: SuppressionView[]; next: string | null }> {
    const { email, limit, ...rest } = filter;
    const addressHash = email === undefined ? undefined : this.paths.hashOf(email);
    const found = await query.listSuppressions(this.database.manager, {
      ...rest,
      addressHash,
      limit: limit + 1,
    });
    const items = found.slice(0, limit).map((row) => this.view(row));
    return { items, next: found.length > limit ? items.at(-1)!.id : null };
  }

  /** Suppresses a person whatever address they have. */
  async addByHand(personId: string, reason: string, addedBy: string): Promise<SuppressionView> {
    const known = await this.recipients.know([personId]);
    if (!known.has(personId)) throw notFound('person', personId);
    const id = newId();
    const suppression = { id, personId, addressHash: null, cause: 'by_hand' as const, status: null, reason };
    const more = { bounceId: null, at: this.clock.now(), addedBy };
    if (!(await query.suppress(this.database.manager, { ...suppression, ...more })))
      throw new DomainError('already_suppressed', 409, 'This person is on the list already.');
    return this.get(id);
  }

  /** Ends a suppression; what failed before counts no more. */
  async release(id: string, reason: string, by: string): Promise<SuppressionView> {
    const before = await this.get(id);
    const released = await query.release(this.database.manager, id, { at: this.clock.now(), by, reason });
    if (!released)
      throw new DomainError(
        'already_released',
        409,
        `It was released at ${before.releasedAt?.toISOString()}.`,
      );
    return this.get(id);
  }

  async get(id: string): Promise<SuppressionView> {
    const found = await query.findSuppression(this.database.manager, id);
    if (!found) throw notFound('suppression', id);
    return this.view(found);
  }

  private view({ email, addressHash, ...row }: SuppressionRow): SuppressionView {
    return { ...row, inForce: row.releasedAt === null && this.concerns(addressHash, email) };
  }

  /** An address that failed says nothing of the one the person has since. */
  private concerns(addressHash: string | null, email: string): boolean {
    return addressHash === null || addressHash === this.paths.hashOf(email);
  }
}
