import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, DomainError, Pollers, afterCommit, newId, notFound } from '#libs/platform';
import type { Caller, Poller } from '#libs/platform';
import type { Badge } from '#libs/scoring';
import { Audit } from '../audit/audit.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './backfills.query.js';
import type { BackfillRow } from './backfills.query.js';
import { BadgesService } from './badges.service.js';
import { lockPeople, pageOfPeople } from './people.query.js';
import { PreviewsService } from './previews.service.js';
import { ReckoningService } from './reckoning.service.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Gives a badge to those who have earned it before it was there, dated at the days that did; nobody is told of what is old. */
@Injectable()
export class BackfillsService implements OnModuleInit {
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly previews: PreviewsService,
    private readonly reckoning: ReckoningService,
    private readonly badges: BadgesService,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.poller = this.pollers.add({ name: 'badge backfills', work: () => this.work() });
  }

  private readonly hint = (): void => this.poller.hint();

  /** Orders it, when the preview still comes to what was expected. Throws `badge_unknown`, `backfill_changed` or `backfill_running`. */
  async order(who: Caller, badgeId: string, expected: { awards: number }): Promise<BackfillRow> {
    const badge = this.programme.badges.find(({ id }) => id === badgeId);
    if (!badge) throw notFound('badge', badgeId);
    const { fresh } = await this.previews.preview(badge);
    if (fresh !== expected.awards)
      throw new DomainError(
        'backfill_changed',
        409,
        `It would now give ${fresh} awards; look at the preview again.`,
      );
    return this.database.transaction(async (manager) => {
      const row = await query.insertBackfill(manager, newId(), badge, this.clock.now());
      if (!row)
        throw new DomainError('backfill_running', 409, 'This badge is being counted backwards already.');
      const after = { awards: fresh };
      await this.audit.note(manager, {
        who,
        action: 'backfill',
        what: `badge ${badgeId}`,
        before: null,
        after,
      });
      afterCommit(manager, this.hint);
      return row;
    });
  }

  /** Throws `backfill_unknown`. */
  async get(id: string): Promise<BackfillRow> {
    const row = await query.readBackfill(this.database.manager, id);
    if (!row) throw notFound('backfill', id);
    return row;
  }

  /** Works one page of people off; returns how many pages it did. */
  private work(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const backfill = await query.claimRunning(manager);
      if (!backfill) return 0;
      await this.workPage(manager, backfill);
      return 1;
    });
  }

  private async workPage(manager: EntityManager, { id, definition, cursor }: BackfillRow): Promise<void> {
    const size = this.previews.pageSize(definition);
    const people = await pageOfPeople(manager, cursor ?? NOBODY, size);
    await lockPeople(manager, people);
    const awards = definition.when?.first ? 0 : await this.give(manager, definition, people);
    const isLast = people.length < size;
    const firsts = isLast && definition.when?.first ? await this.giveFirsts(manager, definition) : 0;
    await query.checkpoint(manager, id, {
      cursor: people.at(-1) ?? null,
      awards: awards + firsts,
      now: isLast ? this.clock.now() : null,
    });
  }

  private async give(manager: EntityManager, badge: Badge, people: readonly string[]): Promise<number> {
    const { grants } = await this.reckoning.reckon(manager, badge, people);
    await this.reckoning.settleObjects(manager, badge, people);
    return this.badges.grant(manager, grants, true);
  }

  /** Who was first is known when everybody has been looked at. */
  private async giveFirsts(manager: EntityManager, badge: Badge): Promise<number> {
    const { grants } = await this.previews.reckonAll(manager, badge);
    return this.badges.grant(manager, grants, true);
  }
}
