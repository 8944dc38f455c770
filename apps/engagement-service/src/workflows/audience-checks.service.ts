import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, Pollers, afterCommit } from '#libs/platform';
import type { Poller } from '#libs/platform';
import { audienceTriggers } from '#libs/workflow';
import { Watches } from '../scoring/watches.js';
import * as query from './audience-members.query.js';
import { AudiencesService } from './audiences.service.js';
import type { WatchedAudience } from './audiences.service.js';
import { DefinitionsService } from './definitions.service.js';

const PAGE = 500;
const HOUR_MS = 3_600_000;
/** Conditions on windows such as last_7_days change with the date alone, so everybody is looked at at five past every hour. */
const PAST_HOUR_MS = 5 * 60_000;

/** Looks at people whose data or metrics have moved at once, and at everybody every hour, as long as some workflow wants it. */
@Injectable()
export class AudienceChecksService implements OnModuleInit {
  private poller!: Poller;
  private readonly hint = (): void => this.poller.hint();

  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly audiences: AudiencesService,
    private readonly watches: Watches,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.poller = this.pollers.add({
      name: 'audiences',
      work: () => this.work(),
      nextDue: () => this.nextDue(),
      everyMs: 5_000,
    });
    this.watches.onMoved((manager, personIds) => this.want(manager, personIds));
  }

  /** Wants people looked at as soon as the transaction has committed. */
  async want(manager: EntityManager, personIds: readonly string[]): Promise<void> {
    if (personIds.length === 0 || this.watched().length === 0) return;
    await query.wantChecks(manager, personIds);
    afterCommit(manager, this.hint);
  }

  private watched(): WatchedAudience[] {
    return this.definitions.list().flatMap((version) =>
      audienceTriggers(version.definition).map((watched) => ({
        workflowId: version.workflowId,
        trigger: watched.trigger,
        version,
        watched,
      })),
    );
  }

  private async work(): Promise<number> {
    const watched = this.watched();
    if (watched.length === 0) return 0;
    let done = 0;
    for (const audience of watched) done += await this.checkAll(audience);
    return done + (await this.checkWanted(watched));
  }

  private async checkWanted(watched: readonly WatchedAudience[]): Promise<number> {
    return this.database.transaction(async (manager) => {
      const ids = await query.takeChecks(manager, PAGE);
      for (const audience of watched) await this.checkSome(manager, audience, ids);
      return ids.length;
    });
  }

  /** As long as those who match from the beginning are still being noted, nobody has entered. */
  private async checkSome(
    manager: EntityManager,
    audience: WatchedAudience,
    ids: readonly string[],
  ): Promise<void> {
    const last = await query.checkedAt(manager, audience, conditionOf(audience));
    await this.audiences.check(manager, audience, ids, !last);
  }

  /** Everybody, a page at a time; a kill between pages lets the next round look again, which changes nothing twice. */
  private async checkAll(audience: WatchedAudience): Promise<number> {
    const condition = conditionOf(audience);
    const last = await query.checkedAt(this.database.manager, audience, condition);
    const quietly = last === null || last === undefined;
    if (!quietly && nextHour(last) > this.clock.now()) return 0;
    if (last === undefined)
      await this.database.transaction((manager) => query.beginAnew(manager, audience, condition));
    const now = this.clock.now();
    for (let after: string | null = null, more = true; more;) {
      const ids: string[] = await query.pageOfIds(this.database.manager, after, PAGE);
      await this.database.transaction((manager) => this.audiences.check(manager, audience, ids, quietly));
      more = ids.length === PAGE;
      after = ids.at(-1) ?? null;
    }
    await query.noteChecked(this.database.manager, audience, now);
    return 1;
  }

  private async nextDue(): Promise<Date | null> {
    const watched = this.watched();
    const earliest = watched.length > 0 ? await query.earliestCheck(this.database.manager, watched) : null;
    return earliest && nextHour(earliest);
  }
}

/** The first moment at five past an hour after an instant. */
function nextHour(after: Date): Date {
  return new Date((Math.floor((after.getTime() - PAST_HOUR_MS) / HOUR_MS) + 1) * HOUR_MS + PAST_HOUR_MS);
}

/** What makes a condition another: who matches it was not asked before. */
const conditionOf = ({ watched, version }: WatchedAudience): string =>
  JSON.stringify([watched.kind, watched.audience, version.definition.values]);
