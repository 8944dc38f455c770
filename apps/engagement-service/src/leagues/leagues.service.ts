import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { addDuration, parseDuration, periodFromKey, periodOf } from '#libs/calendar';
import type { Period } from '#libs/calendar';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, Pollers, stableId } from '#libs/platform';
import { matchGroups, outcomesOf, seatNewcomers, stretchOf } from '#libs/scoring';
import type { League, Stretch } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './leagues.query.js';
import type { GroupPlace, Result, Week } from './leagues.query.js';

const NEVER = new Date('9999-01-01T00:00:00Z');

/** Who has scored within these weeks before plays from the beginning. */
const RECENT_DAYS = 28;

/**
 * Weeks of leagues. A week opens when the one before is closed, so that everybody plays in their new tier from the first moment; points
 * count from Monday all the same. Who begins later is let in the next morning.
 */
@Injectable()
export class LeaguesService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly programme: ProgrammeService,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'leagues', work: () => this.work(), nextDue: () => this.nextDue() });
  }

  private async work(): Promise<number> {
    let done = 0;
    for (const league of this.programme.leagues) {
      const week = await query.findWeek(this.database.manager, league.id);
      const dueAt = dueOf(league, week);
      if (dueAt === null || dueAt <= this.clock.now().getTime()) done += await this.turn(league, week);
    }
    return done;
  }

  private async nextDue(): Promise<Date | null> {
    const dues = await Promise.all(
      this.programme.leagues.map(async (league) =>
        dueOf(league, await query.findWeek(this.database.manager, league.id)),
      ),
    );
    const known = dues.filter((due) => due !== null);
    return known.length > 0 ? new Date(Math.min(...known)) : null;
  }

  private turn(league: League, week: Week | null): Promise<number> {
    return this.database.transaction(async (manager) => {
      if (!week || week.closedAt) return this.open(manager, league);
      if (!(await query.lockWeek(manager, week))) return 0;
      if (closesAt(league, week) <= this.clock.now().getTime()) await this.close(manager, league, week);
      else await this.letIn(manager, league, week);
      return 1;
    });
  }

  /** Who was active in the weeks before, or is already in this one, is matched anew. */
  private async open(manager: EntityManager, league: League): Promise<number> {
    const now = this.clock.now();
    const period = periodOf('week', now.getTime(), league.zone);
    const id = stableId('league', league.id, period.key);
    const joinsAt = nextMorning(now.getTime(), league, period);
    if (!(await query.openWeek(manager, { id, league: league.id, period, joinsAt, now }))) return 0;
    const people = await query.activePeople(manager, league, {
      weekId: id,
      stretch: recent(period, league.zone),
      now,
    });
    await query.addMembers(manager, id, matchGroups(people, league.size, id), now);
    return 1;
  }

  private async letIn(manager: EntityManager, league: League, week: Week): Promise<void> {
    const now = this.clock.now();
    const stretch = stretchOfWeek(league, week);
    const people = await query.activePeople(manager, league, { weekId: week.id, stretch, now });
    const groups = await query.groupsOf(manager, week.id);
    const joined = seatNewcomers(people, groups, { size: league.size, seed: week.id });
    await query.addMembers(manager, week.id, joined, now);
    await query.setJoins(manager, week.id, nextMorning(now.getTime(), league, stretch));
  }

  private async close(manager: EntityManager, league: League, week: Week): Promise<void> {
    const places = await query.standings(manager, league.metric, stretchOfWeek(league, week), {
      weekId: week.id,
      group: null,
    });
    const groups = [...groupedBy(places).values()];
    const results = groups.flatMap((group) => outcomesOf(group, league) as Result[]);
    await query.closeWeek(manager, week.id, results, this.clock.now());
    await this.outbox.add(manager, [closed(week, results, groups.length), ...moved(league, week, results)]);
  }
}

function groupedBy(places: readonly GroupPlace[]): Map<number, GroupPlace[]> {
  const groups = new Map<number, GroupPlace[]>();
  for (const place of places) groups.set(place.group, [...(groups.get(place.group) ?? []), place]);
  return groups;
}

/** The week of a league as a stretch of its own zone. */
export const stretchOfWeek = (league: League, week: Week): Stretch =>
  stretchOf(periodFromKey(week.periodKey, league.zone)!, league.zone);

const recent = (period: Period, zone: string): Stretch =>
  stretchOf({ ...period, start: period.start - RECENT_DAYS * 86_400_000 }, zone);

/** When there is something to do for a league; null is at once. */
function dueOf(league: League, week: Week | null): number | null {
  if (!week) return null;
  if (week.closedAt) return null;
  return Math.min(week.joinsAt.getTime(), closesAt(league, week));
}

function closesAt(league: League, { end }: Week): number {
  const grace = parseDuration(league.grace);
  return grace.ok ? addDuration(end.getTime(), grace.duration, league.zone) : end.getTime();
}

/** The beginning of the next day of the league; after the week nobody joins any more. */
function nextMorning(now: number, league: League, week: Pick<Period, 'end'>): Date {
  const morning = periodOf('day', now, league.zone).end;
  return morning < week.end ? new Date(morning) : NEVER;
}

function closed(week: Week, results: readonly Result[], groups: number): NewEvent {
  const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length;
  const data = {
    weekId: week.id,
    league: week.league,
    periodKey: week.periodKey,
    start: week.start.toISOString(),
    end: week.end.toISOString(),
    groups,
    people: results.length,
    promoted: count('promoted'),
    demoted: count('demoted'),
  };
  return event('league.closed', data, { id: stableId('league.closed', week.id) });
}

const moved = ({ tiers }: League, week: Week, results: readonly Result[]): NewEvent[] =>
  results
    .filter(({ outcome }) => outcome !== 'stayed')
    .map(({ personId, outcome, tier, nextTier, rank, score }) =>
      event(
        'league.moved',
        {
          weekId: week.id,
          league: week.league,
          periodKey: week.periodKey,
          personId,
          promoted: outcome === 'promoted',
          from: tiers[tier] ?? tiers.at(-1)!,
          to: tiers[nextTier]!,
          rank,
          score,
        },
        { id: stableId('league.moved', week.id, personId) },
      ),
    );
