import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, DomainError, notFound } from '#libs/platform';
import { LibraryService } from '../library/library.service.js';
import { PeopleService } from '../people/people.service.js';
import { shareIntent } from './networks.js';
import type { NewShare } from './share.schema.js';
import { newestShares, readShare, storeShares } from './shares.query.js';
import type { ShareFilter, Stored, Wanted } from './shares.query.js';
import { WordingService } from './wording.service.js';

/** A share with its tracked link and the network's page to confirm it on. */
export interface Share extends Omit<Stored, 'linkId'> {
  link: string;
  intentUrl: string;
}

/** Somebody who shares the same once more so soon has pressed the button twice. */
const AGAIN_MS = 10 * 60_000;

/** Shares and their tracked links. */
@Injectable()
export class SharingService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly library: LibraryService,
    private readonly people: PeopleService,
    private readonly wording: WordingService,
  ) {}

  /**
   * Shares a post. The same again within ten minutes, or under the same key, is the same share. Throws `post_unknown`, `post_unpublished`,
   * `post_not_for_person`, `person_unknown`, `person_left`, `key_reused` or, for the caption, `invalid_input`.
   */
  async share(share: NewShare, key: string | null): Promise<Share> {
    const wanted = await this.wanted(share, key);
    return this.present(await this.database.transaction((manager) => this.storeOne(manager, wanted)));
  }

  /** As `share`, in the caller's transaction, of what `wanted` has checked. Throws `key_reused`. */
  async storeOne(manager: EntityManager, wanted: Wanted): Promise<Stored> {
    const [stored] = await this.store(manager, [wanted]);
    if (stored!.reused !== null) throw new DomainError('key_reused', 422, stored!.reused);
    return stored!.share;
  }

  /** As `storeOne`, of many; of one whose key or external id is another share's, `reused` says so and nothing is stored. */
  async store(
    manager: EntityManager,
    wanted: readonly Wanted[],
  ): Promise<{ share: Stored; fresh: boolean; reused: string | null }[]> {
    const since = new Date(this.clock.now().getTime() - AGAIN_MS);
    const stored = await storeShares(manager, wanted, since);
    await this.outbox.add(
      manager,
      stored.flatMap(({ share, fresh }) => (fresh ? told(share) : [])),
    );
    return stored.map((one, index) => ({ ...one, reused: reusedBy(wanted[index]!, one.share) }));
  }

  /** A share of now, checked and in its final words. */
  async wanted(share: NewShare, key: string | null): Promise<Wanted> {
    await this.people.mustBeActive(share.personId);
    const post = await this.library.mustBeFor(share.postId, share.personId);
    const worded = await this.wording.word(post, share);
    const nobody = { partnerId: null, externalId: null, postUrl: null, confirmedBy: null };
    return { ...share, ...worded, ...nobody, key, sharedAt: this.clock.now() };
  }

  /** Throws `share_unknown`. */
  async get(id: string): Promise<Share> {
    const share = await readShare(this.database.manager, id);
    if (!share) throw notFound('share', id);
    return this.present(share);
  }

  async list(filter: ShareFilter): Promise<(Share & { clicks: number; credibleClicks: number })[]> {
    const shares = await newestShares(this.database.manager, filter);
    return shares.map((share) => ({
      ...this.present(share),
      clicks: share.clicks,
      credibleClicks: share.credibleClicks,
    }));
  }

  /** Totals of the service, straight from its tables. */
  async summary(): Promise<object> {
    const [row]: object[] = await this.database.query(
      `SELECT (SELECT count(*) FROM posts) AS posts, (SELECT count(*) FROM shares) AS shares,
         (SELECT count(*) FROM clicks) AS clicks, (SELECT count(*) FROM clicks WHERE credible) AS "credibleClicks"`,
    );
    return row!;
  }

  present(share: Stored): Share {
    const { id, postId, personId, network, caption, sharedAt, status, confirmedBy, postUrl, externalId } =
      share;
    const link = this.wording.link(share.linkId);
    const intentUrl = shareIntent(network, link, caption);
    const rest = { sharedAt, status, confirmedBy, postUrl, externalId };
    return { id, postId, personId, network, caption, ...rest, link, intentUrl };
  }
}

function reusedBy(wanted: Wanted, share: Stored): string | null {
  const same = (['postId', 'personId', 'network'] as const).every((name) => share[name] === wanted[name]);
  if (same) return null;
  const what = wanted.externalId === null ? 'This Idempotency-Key' : `The external id "${wanted.externalId}"`;
  return `${what} belongs to another share.`;
}

/** What is told of a new share; who reports it says at once that it stands there. */
function told({ id, postId, personId, network, sharedAt, confirmedBy }: Stored): NewEvent[] {
  const share = { shareId: id, postId, personId, network };
  const shared = event('content.shared', share, { id, time: sharedAt });
  if (confirmedBy === null) return [shared];
  return [shared, event('share.confirmed', { ...share, by: confirmedBy }, { time: sharedAt })];
}
