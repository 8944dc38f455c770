import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { addDuration, localDate, localTime, localToInstant } from '#libs/calendar';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, Pollers } from '#libs/platform';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import type { ContentProgramme } from '../programme/content-programme.service.js';
import { crowdedTeams, dryGroups, fallingTeams } from './supply.js';
import type { Tired } from './supply.js';
import * as query from './supply.query.js';
import type { Span } from './mix.query.js';

const DAY_MS = 86_400_000;
/** Before the working day, in the programme's zone. */
const LOOKED_AT = '08:00';
/** Who has been without anything for longer is told to have been so long. */
const MEMORY_DAYS = 90;
const ONE_DAY = { months: 0, days: 1, ms: 0 };

/** Looks every morning who is shown too little or too much, and tells of each once until it is over. */
@Injectable()
export class SupplyService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ContentProgrammeService,
    private readonly outbox: Outbox,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pollers.add({
      name: 'supply',
      work: () => this.work(),
      nextDue: () => this.nextDue(),
      everyMs: 30_000,
    });
  }

  private async work(): Promise<number> {
    const programme = await this.programme.current();
    if (!isWatched(programme)) return 0;
    const day = this.today(programme);
    if ((await query.lastDay(this.database.manager)) === day) return 0;
    return this.database.transaction(async (manager) => {
      if (await query.claimDay(manager, day)) await this.look(manager, programme);
      return 1;
    });
  }

  private async nextDue(): Promise<Date | null> {
    const programme = await this.programme.current();
    const day = isWatched(programme) ? await query.lastDay(this.database.manager) : null;
    if (day === null) return null;
    const { zone } = programme;
    return new Date(addDuration(localToInstant(day, LOOKED_AT, zone), ONE_DAY, zone));
  }

  /** The last date whose morning has come. */
  private today({ zone }: ContentProgramme): string {
    const now = this.clock.now().getTime();
    return localDate(localTime(now, zone) < LOOKED_AT ? now - DAY_MS : now, zone);
  }

  private async look(manager: EntityManager, programme: ContentProgramme): Promise<void> {
    await this.outbox.add(manager, [
      ...(await this.droughts(manager, programme)),
      ...(await this.crowds(manager, programme)),
      ...(await this.falls(manager, programme)),
    ]);
  }

  private async droughts(
    manager: EntityManager,
    { drought, fallback }: ContentProgramme,
  ): Promise<NewEvent[]> {
    const first = drought === undefined ? null : await query.firstPublication(manager);
    if (drought === undefined || first === null) return [];
    const span = this.last(MEMORY_DAYS);
    const from = first > span.from ? first : span.from;
    const groups = [
      ...(await query.lastShownToTeams(manager, span, fallback)),
      ...(await query.lastInLanguages(manager, span)),
    ];
    const dry = dryGroups(groups, { from, now: span.to, limit: drought });
    const fresh = await query.noteAlarms(manager, 'drought', dry, span.to);
    const isFresh = keysOf(fresh);
    return dry
      .filter((group) => isFresh.has(keyOf(group)))
      .map(({ groupBy, name, days }) =>
        event('content.drought', {
          team: groupBy === 'team' ? name : null,
          language: groupBy === 'language' ? name : null,
          days,
        }),
      );
  }

  private async crowds(manager: EntityManager, { fatigue, fallback }: ContentProgramme): Promise<NewEvent[]> {
    const limit = fatigue?.posts_per_week;
    if (limit === undefined) return [];
    const week = await query.teamFigures(manager, this.last(7), fallback);
    return this.tired(manager, 'too_many', limit, crowdedTeams(week, limit));
  }

  private async falls(manager: EntityManager, { fatigue, fallback }: ContentProgramme): Promise<NewEvent[]> {
    const limit = fatigue?.shares_fall_to;
    if (limit === undefined) return [];
    const recent = this.last(14);
    const before = { from: new Date(recent.from.getTime() - 14 * DAY_MS), to: recent.from };
    const figures = [
      await query.teamFigures(manager, recent, fallback),
      await query.teamFigures(manager, before, fallback),
    ] as const;
    return this.tired(manager, 'falling', limit, fallingTeams(...figures, limit));
  }

  private async tired(
    manager: EntityManager,
    reason: 'too_many' | 'falling',
    limit: number,
    teams: readonly Tired[],
  ): Promise<NewEvent[]> {
    const groups = teams.map(({ team }) => ({ groupBy: 'team' as const, name: team }));
    const fresh = new Set(
      (await query.noteAlarms(manager, reason, groups, this.clock.now())).map(({ name }) => name),
    );
    return teams
      .filter(({ team }) => fresh.has(team))
      .map(({ team, figure }) => event('content.fatigue', { team, reason, figure, limit }));
  }

  private last(days: number): Span {
    const to = this.clock.now();
    return { from: new Date(to.getTime() - days * DAY_MS), to };
  }
}

const isWatched = ({ drought, fatigue }: ContentProgramme): boolean =>
  drought !== undefined || fatigue !== undefined;
const keyOf = ({ groupBy, name }: query.Group): string => `${groupBy} ${name}`;
const keysOf = (groups: readonly query.Group[]): Set<string> => new Set(groups.map(keyOf));
