import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event, isInfrastructure } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, ENV, LOGGER, Pollers, notFound } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { LibraryService } from '../library/library.service.js';
import type { NewPost } from '../library/library.service.js';
import { afterwards } from './afterwards.js';
import type { Afterwards } from './afterwards.js';
import { entriesOf } from './duplicates.js';
import type { Article } from './duplicates.js';
import { fetchFeed } from './fetcher.js';
import type { Fetched } from './fetcher.js';
import { leadsOutside } from './hosts.js';
import { SourceHosts } from './source-hosts.js';
import { Source } from './source.entity.js';
import { claimDue, moveSource, recordFetch, rememberEntries, toldElsewhere } from './sources.query.js';
import { UnfurlService } from './unfurl.service.js';

const MINUTE_MS = 60_000;
/** So many hosts are asked at once. */
const LANES = 6;
/** A source whose replica died meanwhile is taken by another after this. */
const LEASE_MS = 10 * MINUTE_MS;
/** What a feed has behind its first so many articles is its archive; nobody waits for that. */
const MAX_ARTICLES = 1_000;
/** One story is told by several sources within this. */
const STORY_MS = 7 * 24 * 60 * MINUTE_MS;

/** What one import brought: articles that the feed has, and posts made of them. */
export interface ImportResult {
  source: Source;
  found: number;
  added: number;
}

/** Looks at feeds on their own rhythm; a broken one is kept, says why, and is asked ever more rarely. */
@Injectable()
export class ImportsService implements OnModuleInit {
  constructor(
    @InjectRepository(Source) private readonly sources: Repository<Source>,
    private readonly database: DataSource,
    private readonly library: LibraryService,
    private readonly unfurls: UnfurlService,
    private readonly outbox: Outbox,
    private readonly hosts: SourceHosts,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.pollers.add({
      name: 'feeds',
      work: () => this.importDue(),
      nextDue: () => this.nextDue(),
      everyMs: 5_000,
    });
  }

  /** Looks at a feed now. Throws `source_unknown`. */
  async import(id: string): Promise<ImportResult> {
    const source = await this.sources.findOneBy({ id });
    if (!source) throw notFound('source', id);
    return this.inTurn(source);
  }

  /** Each lane takes what has waited longest, until nothing is due; a host that keeps one waiting does not stop the others. */
  private async importDue(): Promise<number> {
    const handled = await Promise.all(Array.from({ length: LANES }, () => this.lane()));
    return handled.reduce((sum, count) => sum + count, 0);
  }

  private async lane(): Promise<number> {
    for (let handled = 0; ; handled++) {
      const now = this.clock.now();
      const lease = new Date(now.getTime() + LEASE_MS);
      const id = await claimDue(this.database.manager, { now, lease, busy: this.hosts.busy() });
      const source = id === null ? null : await this.sources.findOneBy({ id });
      if (!source) return handled;
      await this.inTurn(source);
    }
  }

  private async nextDue(): Promise<Date | null> {
    const [first] = await this.sources.find({
      where: { status: 'active' },
      order: { nextFetchAt: 'ASC' },
      take: 1,
    });
    return first?.nextFetchAt ?? null;
  }

  private inTurn(source: Source): Promise<ImportResult> {
    return this.hosts.run(source.host, () => this.importOne(source));
  }

  private async importOne(source: Source): Promise<ImportResult> {
    const begin = performance.now();
    const fetched = await fetchFeed(source, this.env.CONTENT_ALLOW_HOSTS, this.clock.now());
    if (fetched.kind === 'failed')
      this.logger.warn({ source: source.id, reason: fetched.reason }, 'a feed could not be read');
    const durationMs = Math.round(performance.now() - begin);
    try {
      return await this.store(source, fetched, durationMs);
    } catch (error) {
      // A feed that cannot be stored must not keep those behind it waiting for ever.
      if (isInfrastructure(error)) throw error;
      this.logger.error({ err: error, source: source.id }, 'a feed could not be stored');
      return this.store(source, NOT_STORED, durationMs);
    }
  }

  /** All that a look brought, in one transaction; a source that was deleted meanwhile, or stands elsewhere now, brings nothing. */
  private store(asked: Source, fetched: Fetched, durationMs: number): Promise<ImportResult> {
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const source = await manager.findOne(Source, { where: { id: asked.id }, lock });
      if (!source) throw notFound('source', asked.id);
      if (source.url !== asked.url) return { source, found: 0, added: 0 };
      const { change, tell } = afterwards(source, fetched, now);
      await manager.update(Source, { id: source.id }, change);
      if (fetched.kind !== 'failed' && fetched.movedTo) await moveSource(manager, source.id, fetched.movedTo);
      const articles = fetched.kind === 'read' ? fetched.items : [];
      const added = await this.addNew(
        manager,
        source,
        articles.filter(isArticle).slice(0, MAX_ARTICLES),
        now,
      );
      const reason = fetched.kind === 'failed' ? fetched.reason : null;
      const { kind: status, httpStatus } = fetched;
      await recordFetch(manager, source.id, {
        at: now,
        status,
        httpStatus,
        found: articles.length,
        added,
        durationMs,
        reason,
      });
      await this.outbox.add(manager, eventsOf(source, tell));
      return {
        source: await manager.findOneByOrFail(Source, { id: source.id }),
        found: articles.length,
        added,
      };
    });
  }

  /** Makes posts of what neither this source nor another has brought. */
  private async addNew(
    manager: EntityManager,
    source: Source,
    articles: readonly Article[],
    now: Date,
  ): Promise<number> {
    if (articles.length === 0) return 0;
    const entries = entriesOf(articles);
    const fresh = await rememberEntries(manager, source, entries, now);
    if (fresh.size === 0) return 0;
    const unseen = [...entries].filter(([entry]) => fresh.has(entry));
    const told = await toldElsewhere(manager, source, unseen, new Date(now.getTime() - STORY_MS));
    const posts = unseen.filter(([entry]) => !told.has(entry)).map(([, article]) => postOf(source, article));
    const added = (await this.library.publishAll(manager, posts)).map(({ id }) => id);
    await this.unfurls.ask(manager, added, now);
    return added.length;
  }
}

const NOT_STORED: Fetched = {
  kind: 'failed',
  fault: 'not_stored',
  reason: 'could not be stored; the log tells why',
  httpStatus: null,
  retryAfterMs: 0,
};

const isArticle = (item: { url: string | null; title: string }): item is Article =>
  item.url !== null && item.title !== '' && leadsOutside(item.url);

function eventsOf({ id: sourceId, ownerId, name }: Source, tell: Afterwards['tell']): NewEvent[] {
  if (tell === null) return [];
  if (tell === 'recovered') return [event('source.recovered', { sourceId, ownerId, name })];
  return [event('source.broken', { sourceId, ownerId, name, reason: tell.broken })];
}

const postOf = (source: Source, item: Article): NewPost => ({
  title: item.title,
  url: item.url,
  summary: item.summary,
  imageUrl: item.image !== null && leadsOutside(item.image) ? item.image : null,
  category: source.category,
  language: source.language,
  sourceId: source.id,
  ...(source.to === 'review' ? { review: true } : {}),
});
