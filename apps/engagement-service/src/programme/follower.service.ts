import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Pollers } from '#libs/platform';
import { RulesService } from '../scoring/rules.service.js';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { inForce } from './loading.js';
import { ProgrammeService } from './programme.service.js';
import * as query from './programme.query.js';

const EVERY_MS = 1_000;

/** Keeps this replica at what was applied and published last, by whichever replica: within a second, or two. */
@Injectable()
export class FollowerService implements OnModuleInit {
  private mark = '';
  private following: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly definitions: DefinitionsService,
    private readonly rules: RulesService,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'programme', work: () => this.follow(), everyMs: EVERY_MS });
  }

  /** Catches up; returns 1 when there was something to catch up with. One at a time. */
  follow(): Promise<number> {
    const next = this.following.then(() => this.catchUp());
    this.following = next.catch(() => undefined);
    return next;
  }

  private async catchUp(): Promise<number> {
    if ((await query.readMark(this.database.manager)) === this.mark) return 0;
    // One picture of all tables: a bundle and the versions that were published with it belong together.
    this.mark = await this.database.transaction('REPEATABLE READ', (manager) => this.take(manager));
    return 1;
  }

  private async take(manager: EntityManager): Promise<string> {
    const mark = await query.readMark(manager);
    const stored = await query.newest(manager);
    if (stored && stored.version !== this.programme.version) {
      const values = await query.readValues(manager);
      const next = inForce(stored.version, stored.files, values, `programme version ${stored.version}`);
      const before = this.programme.standing;
      this.programme.use(next);
      // Rules that could not be read now are read with the next round: half of a programme is none.
      await this.rules.refresh(manager).catch((error: unknown) => {
        this.programme.use(before);
        throw error;
      });
    } else await this.rules.reread(manager);
    await this.definitions.refresh(manager);
    return mark;
  }
}
