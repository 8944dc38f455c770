import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, Repository } from 'typeorm';
import { Clock, DomainError, Pollers, newId, notFound } from '#libs/platform';
import { Source } from './source.entity.js';
import type { NewSource, SourceEdit } from './source.schema.js';
import { fetchesOf } from './sources.query.js';
import type { FetchRecord } from './sources.query.js';

const HOUR_MS = 3_600_000;

/** Nothing is known yet of what stands at an address. */
const UNKNOWN = {
  etag: null,
  lastModified: null,
  askedMinutes: null,
  failures: 0,
  lastError: null,
  brokenSince: null,
};

/** The list of feeds: who answers for each, how often it is looked at, where its articles go. */
@Injectable()
export class SourcesService {
  constructor(
    @InjectRepository(Source) private readonly sources: Repository<Source>,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  /** Throws `source_known`. */
  async add(source: NewSource): Promise<Source> {
    const id = newId();
    await this.mustBeFree(source.url, id);
    const nextFetchAt = new Date(this.clock.now().getTime() + source.everyHours * HOUR_MS);
    const fresh = {
      ...UNKNOWN,
      status: 'active' as const,
      lastFetchedAt: null,
      host: new URL(source.url).host,
    };
    await this.sources.insert({ ...source, ...fresh, id, nextFetchAt });
    return this.get(id);
  }

  list(): Promise<Source[]> {
    return this.sources.find({ order: { name: 'ASC', id: 'ASC' } });
  }

  /** Throws `source_unknown`. */
  async get(id: string): Promise<Source> {
    const source = await this.sources.findOneBy({ id });
    if (!source) throw notFound('source', id);
    return source;
  }

  /** A source with another address is looked at soon, as if it were new. Throws `source_unknown`, `source_known`. */
  async edit(id: string, edit: SourceEdit): Promise<Source> {
    const { url: present } = await this.get(id);
    const { url } = edit;
    if (url !== undefined && url !== present) {
      await this.mustBeFree(url, id);
      const anew = { ...UNKNOWN, host: new URL(url).host, nextFetchAt: this.clock.now() };
      // In one statement: a look under way sees either both or neither.
      await this.sources.update({ id }, { ...(edit as Partial<Source>), ...anew });
    } else if (Object.keys(edit).length > 0) await this.sources.update({ id }, edit as Partial<Source>);
    this.pollers.hintAll();
    return this.get(id);
  }

  /** A paused source is not looked at, except by hand. Throws `source_unknown`. */
  async pause(id: string): Promise<Source> {
    await this.get(id);
    await this.sources.update({ id, status: 'active' }, { status: 'paused' });
    return this.get(id);
  }

  /** Looks at a source again from now on, also at one whose server said it was gone. Throws `source_unknown`. */
  async resume(id: string): Promise<Source> {
    await this.get(id);
    const again = { status: 'active', nextFetchAt: this.clock.now(), failures: 0 } as const;
    await this.sources.update({ id, status: Not('active') }, again);
    this.pollers.hintAll();
    return this.get(id);
  }

  /** Its posts stay. Throws `source_unknown`. */
  async remove(id: string): Promise<void> {
    const { affected } = await this.sources.delete({ id });
    if (affected === 0) throw notFound('source', id);
  }

  /** Throws `source_unknown`. */
  async fetches(id: string): Promise<FetchRecord[]> {
    await this.get(id);
    return fetchesOf(this.sources.manager, id);
  }

  private async mustBeFree(url: string, id: string): Promise<void> {
    if (await this.sources.existsBy({ url, id: Not(id) }))
      throw new DomainError('source_known', 409, `${url} is a source already.`);
  }
}
