import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, LessThanOrEqual, Repository } from 'typeorm';
import type { FeedItem } from '#libs/feeds';
import { isInfrastructure } from '#libs/messaging';
import { Clock, DomainError, ENV, LOGGER, Pollers, newId, notFound } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { LibraryService } from '../library/library.service.js';
import type { NewPost } from '../library/library.service.js';
import { fetchFeed } from './fetcher.js';
import type { Fetched } from './fetcher.js';
import { Source } from './source.entity.js';

const HOUR_MS = 3_600_000;
const LONGEST_PAUSE_HOURS = 7 * 24;

export type NewSource = Pick<Source, 'name' | 'url' | 'category' | 'language' | 'everyHours'>;

/** What one import brought. */
export interface ImportResult {
  source: Source;
  found: number;
  published: number;
}

/** Feeds, looked at on their own rhythm; a broken one is kept, says why, and is asked ever more rarely. */
@Injectable()
export class SourcesService implements OnModuleInit {
  constructor(
    @InjectRepository(Source) private readonly sources: Repository<Source>,
    private readonly database: DataSource,
    private readonly library: LibraryService,
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

  async add(source: NewSource): Promise<Source> {
    if (await this.sources.existsBy({ url: source.url })) {
      throw new DomainError('source_known', 409, `${source.url} is a source already.`);
    }
    const fresh = { etag: null, lastModified: null, lastFetchedAt: null, failures: 0, lastError: null };
    await this.sources.insert({ ...source, ...fresh, id: newId(), nextFetchAt: this.firstFetch(source) });
    return this.sources.findOneByOrFail({ url: source.url });
  }

  list(): Promise<Source[]> {
    return this.sources.find({ order: { name: 'ASC' } });
  }

  /** Looks at a feed now. */
  async import(id: string): Promise<ImportResult> {
    const source = await this.sources.findOneBy({ id });
    if (!source) throw notFound('source', id);
    return this.importOne(source);
  }

  private async importDue(): Promise<number> {
    const due = await this.sources.find({
      where: { nextFetchAt: LessThanOrEqual(this.clock.now()) },
      order: { nextFetchAt: 'ASC' },
      take: 10,
    });
    for (const source of due)
      await this.importOne(source).catch((error: unknown) => this.keepAway(source, error));
    return due.length;
  }

  /** A feed that cannot be stored must not keep those behind it waiting for ever. */
  private async keepAway(source: Source, error: unknown): Promise<void> {
    if (isInfrastructure(error)) throw error;
    this.logger.error({ err: error, source: source.id }, 'a feed could not be stored');
    const failed = { kind: 'failed', reason: 'could not be stored; the log tells why' } as const;
    await this.sources.update({ id: source.id }, this.afterwards(source, failed));
  }

  private async nextDue(): Promise<Date | null> {
    const [first] = await this.sources.find({ order: { nextFetchAt: 'ASC' }, take: 1 });
    return first?.nextFetchAt ?? null;
  }

  private async importOne(source: Source): Promise<ImportResult> {
    const fetched = await fetchFeed(source, this.env.CONTENT_ALLOW_HOSTS);
    if (fetched.kind === 'failed')
      this.logger.warn({ source: source.id, reason: fetched.reason }, 'a feed could not be read');
    const items = fetched.kind === 'read' ? fetched.items : [];
    const published = await this.database.transaction(async (manager) => {
      await manager.update(Source, { id: source.id }, this.afterwards(source, fetched));
      return this.library.publishAll(
        manager,
        items.map((item) => postOf(source, item)),
      );
    });
    return {
      source: await this.sources.findOneByOrFail({ id: source.id }),
      found: items.length,
      published: published.length,
    };
  }

  private afterwards(source: Source, fetched: Fetched): Partial<Source> {
    const now = this.clock.now();
    const failures = fetched.kind === 'failed' ? source.failures + 1 : 0;
    const pauseHours = Math.min(source.everyHours * 2 ** failures, LONGEST_PAUSE_HOURS);
    return {
      lastFetchedAt: now,
      failures,
      nextFetchAt: new Date(now.getTime() + pauseHours * HOUR_MS),
      lastError: fetched.kind === 'failed' ? fetched.reason : null,
      ...(fetched.kind === 'read'
        ? {
            etag: fetched.etag,
            lastModified: fetched.lastModified,
          }
        : {}),
    };
  }

  private firstFetch({ everyHours }: NewSource): Date {
    return new Date(this.clock.now().getTime() + everyHours * HOUR_MS);
  }
}

const postOf = (source: Source, item: FeedItem): NewPost => ({
  title: item.title,
  url: item.url,
  summary: item.summary,
  imageUrl: item.image,
  category: source.category,
  language: source.language,
  sourceId: source.id,
});
