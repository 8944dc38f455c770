import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ProgrammeSettings } from '#libs/contracts';
import { Clock, ENV, LOGGER, Pollers, ProgrammeError, notFound } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { plainManner } from '../pacing/manner.js';
import type { Manner } from '../pacing/manner.js';
import { Programme } from '../programme/programme.js';
import { answerLabel, nearest } from './catalogue.js';
import type { Catalogue, Entry } from './catalogue.js';
import type { Loading } from './loader.js';
import { ownFilesIn, sameFiles, withFiles } from './own-files.js';
import { errorFrom } from './thread.messages.js';
import type { Look } from './thread.messages.js';
import { Threads } from './threads.js';
import * as query from './versions.query.js';
import type { InForce, TemplateFiles } from './versions.query.js';
import type { Language } from './words.js';
import type { Letter, Order } from './writer.js';

const EVERY_MS = 1_000;

/** The templates of a programme, before anything published over REST is laid over them. */
interface Base {
  directory: string;
  settings: ProgrammeSettings;
  /** 0: the folder the service was started with. */
  version: number;
}

/** A letter, and the version of the template it was written with. */
export type VersionedLetter = Letter & { version: number };

/** All templates in all languages; letters are written by threads of their own. */
@Injectable()
export class Templates implements OnModuleInit, OnApplicationShutdown {
  private readonly threads = new Threads();
  private base!: Base;
  /** The folder in use, which is another than that of the programme when something is laid over it. */
  private directory!: string;
  private removeFolder = (): void => undefined;
  private catalogue!: Catalogue;
  private versions = new Map<string, InForce>();
  private published = 0;
  /** Only one folder is taken at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly programme: Programme,
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Refuses to start on a template that is wrong, rather than to find out with a mail. */
  async onModuleInit(): Promise<void> {
    const { directory, settings } = this.programme;
    await this.load(directory, settings).catch(async (error: unknown) => {
      if (!(error instanceof ProgrammeError)) throw error;
      // What was published fitted another programme, which may be applied in a moment; without it the folder must do.
      this.log.error({ err: error }, 'templates published over REST do not fit the folder and are set aside');
      await this.inTurn(() => this.take({ directory, settings, version: 0 }, new Map()));
    });
    this.pollers.add({ name: 'templates', work: () => this.follow(), everyMs: EVERY_MS });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.close();
    this.removeFolder();
  }

  /**
   * Takes the templates of a programme. What was published over REST stays on top, except for templates that this
   * programme changes: the last one published counts. Until all could be compiled and written, and after a mistake, the old ones stay.
   */
  load(directory: string, settings: ProgrammeSettings, version = 0): Promise<void> {
    return this.inTurn(() => this.lay({ directory, settings, version }));
  }

  /** Takes what was published since, here or by another replica. */
  refresh(): Promise<void> {
    return this.inTurn(() => this.lay(this.base));
  }

  /** What a template is about, how much it hurries and how long it is good for; a template that is not there counts as any other. */
  mannerOf(id: string): Manner {
    return this.catalogue.entries.get(id)?.sample ?? plainManner;
  }

  /** What each template is about. */
  topics(): Record<string, string> {
    return Object.fromEntries([...this.catalogue.entries].map(([id, { sample }]) => [id, sample.topic]));
  }

  has(id: string): boolean {
    return this.catalogue.entries.has(id);
  }

  /**
   * Writes letters, each in its addressee's language; in place of one that cannot be written stands the reason: data
   * that lacks what the words need, a template that takes too long. Throws a ThreadsDown when none at all can be written.
   */
  async write(orders: readonly Order[]): Promise<(VersionedLetter | Error)[]> {
    const { versions } = this;
    const plain = orders.map(({ id, to: { name, locale, zone }, data, links, form, frame }) => ({
      id,
      to: { name, locale, ...(zone && { zone }) },
      data,
      links,
      ...(form && { form }),
      ...(frame && { frame }),
    }));
    const written = await this.threads.write(plain);
    return written.map((result, index) =>
      'letter' in result
        ? { ...result.letter, version: versions.get(orders[index]!.id)?.version ?? 0 }
        : errorFrom(result.error),
    );
  }

  /** Looks at a template as it is, or as it would be with other files. */
  async look(id: string, files?: TemplateFiles, locale?: string): Promise<Look> {
    const ask = (directory: string): Promise<Look> =>
      this.threads.look({ directory, settings: this.base.settings, only: id, locale });
    if (!files) return ask(this.directory);
    const { directory, remove } = await withFiles(this.directory, new Map([[id, files]]));
    return ask(directory).finally(remove);
  }

  entries(): (Entry & Pick<InForce, 'version' | 'source'>)[] {
    return [...this.catalogue.entries.values()].map((entry) => ({ ...entry, ...this.standing(entry.id) }));
  }

  /** Throws a 404 when there is no such template. */
  get(id: string): Entry {
    const entry = this.catalogue.entries.get(id);
    if (!entry) throw notFound('template', id);
    return entry;
  }

  /** The version of a template that counts. */
  standing(id: string): Pick<InForce, 'version' | 'source'> {
    const { version, source } = this.versions.get(id) ?? { version: 0, source: 'programme' };
    return { version, source };
  }

  /** The files of a template as they count now. */
  filesOf(id: string): TemplateFiles {
    return ownFilesIn(this.directory).get(id) ?? {};
  }

  locales(): string[] {
    return [...this.catalogue.languages.keys()].toSorted();
  }

  /** The words of the nearest language there is: `it-CH` → it → the first of the programme. */
  language(locale: string): Language {
    return nearest(this.catalogue.languages, locale, this.fallback)!;
  }

  /** What an answer is called: by the template, else by the language, else as it is written in the workflow. */
  answerLabel(id: string, locale: string, value: string): string {
    const answers = new Map(Object.entries(this.get(id).answers));
    return answerLabel(nearest(answers, locale, this.fallback) ?? {}, this.language(locale), value);
  }

  private get fallback(): string {
    return this.base.settings.locales[0]!;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async follow(): Promise<number> {
    if ((await query.lastPublished(this.database.manager)) <= this.published) return 0;
    await this.refresh();
    return 1;
  }

  private async lay(base: Base): Promise<void> {
    const { manager } = this.database;
    this.published = await query.lastPublished(manager);
    const before = await query.inForce(manager);
    const changed = await this.changedBy(base, before);
    const over = before.filter(({ template, source }) => source === 'published' && !changed.has(template));
    await this.take(base, new Map(over.map(({ template, files }) => [template, files])));
    if (changed.size > 0) {
      const more = {
        source: 'programme',
        note: null,
        by: `programme version ${base.version}`,
        at: this.clock.now(),
      } as const;
      await this.database.transaction((all) => query.addVersions(all, { files: changed, ...more }));
    }
    const now = changed.size > 0 ? await query.inForce(manager) : before;
    this.versions = new Map(now.map((row) => [row.template, row]));
  }

  /** The templates that a programme brings other than it had them last. */
  private async changedBy(base: Base, before: readonly InForce[]): Promise<Map<string, TemplateFiles>> {
    // Beside an applied programme that of the folder is only read until the other is.
    if (base.version === 0 && (await query.anyApplied(this.database.manager))) return new Map();
    const last = new Map(before.map(({ template, programmeFiles }) => [template, programmeFiles]));
    const own = [...ownFilesIn(join(base.directory, 'templates'))];
    return new Map(own.filter(([id, files]) => !sameFiles(files, last.get(id) ?? {})));
  }

  private async take(base: Base, over: ReadonlyMap<string, TemplateFiles>): Promise<void> {
    const own = join(base.directory, 'templates');
    const folder = over.size > 0 ? await withFiles(own, over) : { directory: own, remove: () => undefined };
    const cacheDir = this.env.TEMPLATE_CACHE_DIR;
    const loading: Loading = { directory: folder.directory, settings: base.settings, cacheDir };
    try {
      this.catalogue = await this.threads.use(loading);
    } catch (error) {
      folder.remove();
      throw error;
    }
    this.removeFolder();
    this.removeFolder = folder.remove;
    this.directory = folder.directory;
    this.base = base;
  }
}
