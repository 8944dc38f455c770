import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Requests } from '#libs/messaging';
import { DomainError, LOGGER, Pollers, ProgrammeError, afterCommit, writeFolder } from '#libs/platform';
import type { Logger, Poller } from '#libs/platform';
import { Templates } from '../templates/templates.service.js';
import { Programme, readChannels, readProgramme } from './programme.js';
import * as query from './bundles.query.js';
import type { Bundle } from './bundles.query.js';

const EVERY_MS = 1_000;

/** Follows the programme as it is applied in the engagement service; a version whose templates are wrong is not taken. */
@Injectable()
export class Bundles implements OnModuleInit, OnApplicationShutdown {
  private version = 0;
  private folder: string | null = null;
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly requests: Requests,
    private readonly programme: Programme,
    private readonly templates: Templates,
    private readonly pollers: Pollers,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    // One that is refused now leaves the one before it.
    while ((await this.follow()) > 0);
    this.poller = this.pollers.add({ name: 'programme', work: () => this.follow(), everyMs: EVERY_MS });
  }

  onApplicationShutdown(): void {
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is in force here; templates of a refused version stay those of the version before. */
  async standing(): Promise<query.Standing> {
    const { refused } = await query.standing(this.database.manager);
    return { version: this.version, refused };
  }

  /** Fetches a version and keeps it; every replica finds it there. */
  async fetch(manager: EntityManager, version: number): Promise<void> {
    let text = '';
    for (let part = 0, more = true; more; part++) {
      const reply = await this.requests.ask('programme.files', { version, part });
      text += reply.text;
      ({ more } = reply);
    }
    await query.keep(manager, { version, files: JSON.parse(text) as Bundle['files'] });
    afterCommit(manager, this.wake);
  }

  private readonly wake = (): void => this.poller.hint();

  /** Takes the newest version that can be taken; returns 1 when there was one to look at. */
  private async follow(): Promise<number> {
    const { manager } = this.database;
    if ((await query.newestVersion(manager)) <= this.version) return 0;
    const bundle = await query.newest(manager);
    if (!bundle || bundle.version <= this.version) return 0;
    try {
      await this.take(bundle);
    } catch (error) {
      // A full disk is no mistake of the programme.
      if (!(error instanceof ProgrammeError || error instanceof DomainError)) throw error;
      await this.refuse(manager, bundle.version, error);
    }
    return 1;
  }

  private async take({ version, files }: Bundle): Promise<void> {
    // Nobody but this process reads it: mkdtemp makes it so.
    const folder = mkdtempSync(join(tmpdir(), 'laurel-programme-'));
    try {
      writeFolder(folder, files, []);
      const settings = readProgramme(folder);
      const channels = readChannels(folder);
      await this.templates.load(folder, settings, version);
      this.programme.use(folder, settings, channels);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = folder;
    this.version = version;
    this.log.info({ version }, 'the mails are those of another version of the programme');
  }

  private async refuse(manager: EntityManager, version: number, { message }: Error): Promise<void> {
    // The temporary folder says nothing to anybody.
    const reason = message.replaceAll(/^\S*laurel-(?:programme|templates)-[^/\s]+\//gm, '');
    this.log.error(
      { version, reason },
      'this version of the programme has mistakes in its mails; those before stay',
    );
    await query.refuse(manager, version, reason);
  }
}
