import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { readBounce } from '#libs/bounces';
import type { BounceKind, BounceReading } from '#libs/bounces';
import { Outbox, event } from '#libs/messaging';
import { Clock, ENV, LOGGER, stableId } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { setUnsubscribed } from '../recipients/recipients.query.js';
import { countSoft, findDelivery, keepBounce, listBounces, noteInTimeline } from './bounces.query.js';
import type { Bounce, BounceFilter, BouncedDelivery } from './bounces.query.js';
import { blotted, deliveryIdsIn } from './letters-back.js';
import { ReturnPaths } from './return-paths.js';
import { Suppressions } from './suppressions.service.js';

/** What became of a mail that came back. */
export interface Taken {
  kind: BounceKind;
  /** It is about a mail of ours, as its return path or its Message-ID proves. */
  matched: boolean;
  /** The same mail, or the same failure in other words, was taken before. */
  duplicate: boolean;
  /** Nothing is sent to this address from now on. */
  suppressed: boolean;
}

interface Match {
  by: 'return_path' | 'message_id';
  delivery: BouncedDelivery;
  /** The address the person has now is the one that failed. */
  sameAddress: boolean;
}

const DAY_MS = 86_400_000;

/** Takes mails that came back: reads them, finds the delivery, and draws the consequences once. */
@Injectable()
export class Bounces {
  constructor(
    private readonly database: DataSource,
    private readonly paths: ReturnPaths,
    private readonly suppressions: Suppressions,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Takes one mail as it came over the wire; `envelopeTo` is whom it was addressed to there. */
  async take(content: Uint8Array, via: Bounce['via'], envelopeTo: readonly string[] = []): Promise<Taken> {
    const reading = readBounce(content);
    const taken = await this.database.transaction(async (manager) => {
      const match = await this.match(manager, reading, envelopeTo);
      return this.keep(manager, this.bounceOf(content, via, reading, match), match);
    });
    this.logger.info({ via, ...taken }, 'a mail came back');
    return taken;
  }

  /** A page, newest first; `next` goes into `after`. */
  async list(filter: BounceFilter): Promise<{ items: Bounce[]; next: string | null }> {
    const found = await listBounces(this.database.manager, { ...filter, limit: filter.limit + 1 });
    const items = found.slice(0, filter.limit);
    return { items, next: found.length > filter.limit ? items.at(-1)!.id : null };
  }

  /** Only a return path we signed or a Message-ID we gave proves anything: whoever writes to us may say what they like. */
  private async match(
    manager: EntityManager,
    reading: BounceReading,
    envelopeTo: readonly string[],
  ): Promise<Match | null> {
    for (const address of [...envelopeTo, ...reading.sentTo]) {
      const path = this.paths.read(address);
      const delivery = path && (await findDelivery(manager, [path.deliveryId]));
      if (!delivery) continue;
      const sameAddress = delivery.email !== null && this.paths.markOf(delivery.email) === path.addressMark;
      return { by: 'return_path', delivery, sameAddress };
    }
    const delivery = await findDelivery(manager, deliveryIdsIn(reading.messageIds));
    if (!delivery) return null;
    const sameAddress = delivery.email !== null && isAbout(reading, delivery.email);
    return { by: 'message_id', delivery, sameAddress };
  }

  private bounceOf(
    content: Uint8Array,
    via: Bounce['via'],
    reading: BounceReading,
    match: Match | null,
  ): Bounce {
    const { kind, delayed, status, reason } = reading;
    const deliveryId = match?.delivery.deliveryId ?? null;
    const id = stableId('bounce', deliveryId ?? '', createHash('sha256').update(content).digest('hex'));
    return {
      id,
      at: this.clock.now(),
      via,
      kind,
      delayed,
      status,
      reason: blotted(reason),
      deliveryId,
      matchedBy: match?.by ?? null,
      resends: match?.delivery.resends ?? null,
      personId: match?.delivery.email == null ? null : match.delivery.personId,
      counted: match !== null && !delayed && ['hard', 'soft', 'complaint'].includes(kind),
    };
  }

  private async keep(manager: EntityManager, bounce: Bounce, match: Match | null): Promise<Taken> {
    const { kind } = bounce;
    const kept = await keepBounce(manager, bounce);
    const taken = { kind, matched: match !== null, duplicate: kept !== 'kept', suppressed: false };
    if (!match || kept === 'again') return taken;
    const { deliveryId } = match.delivery;
    const state = bounce.counted ? 'bounced' : 'returned';
    await noteInTimeline(manager, deliveryId, bounce.at, state, `${kind}: ${bounce.reason}`);
    if (!bounce.counted || kept === 'known') return taken;
    await this.tell(manager, bounce, match.delivery);
    return { ...taken, suppressed: await this.draw(manager, bounce, match) };
  }

  private async tell(manager: EntityManager, bounce: Bounce, delivery: BouncedDelivery): Promise<void> {
    const { deliveryId, intentKey, personId, template } = delivery;
    const kind = bounce.kind as 'hard' | 'soft' | 'complaint';
    const data = { deliveryId, intentKey, personId, template, kind, status: bounce.status };
    const id = stableId('notification.bounced', bounce.id);
    await this.outbox.add(manager, [event('notification.bounced', data, { id })]);
  }

  /** What follows for the address: nothing when the person has another one by now. Tells whether it is suppressed. */
  private async draw(
    manager: EntityManager,
    bounce: Bounce,
    { delivery, sameAddress }: Match,
  ): Promise<boolean> {
    const { personId, email } = delivery;
    if (email === null) return false;
    if (bounce.kind === 'complaint') await this.unsubscribe(manager, personId);
    if (!sameAddress) return false;
    const cause = await this.causeFor(manager, bounce, personId);
    if (cause === null) return false;
    const { status, reason, id: bounceId } = bounce;
    await this.suppressions.add(manager, { personId, email, cause, status, reason, bounceId });
    return true;
  }

  private async causeFor(manager: EntityManager, { kind, at }: Bounce, personId: string) {
    if (kind === 'hard') return 'hard_bounce';
    if (kind === 'complaint') return 'complaint';
    const since = new Date(at.getTime() - this.env.BOUNCE_SOFT_DAYS * DAY_MS);
    const count = await countSoft(manager, personId, since);
    return count >= this.env.BOUNCE_SOFT_LIMIT ? 'soft_bounces' : null;
  }

  /** Whoever calls our mail spam wants none. */
  private async unsubscribe(manager: EntityManager, personId: string): Promise<void> {
    if (!(await setUnsubscribed(manager, personId, this.clock.now()))) return;
    const told = event('recipient.unsubscribed', { personId, subscribed: false });
    await this.outbox.add(manager, [told]);
  }
}

/** A Message-ID alone is known to every server on the way: the report has to name the address, too. */
const isAbout = ({ recipient, recipients }: BounceReading, email: string): boolean =>
  [recipient, ...recipients].some((address) => address?.toLowerCase() === email.toLowerCase());
