import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notFound } from '#libs/platform';
import type { League } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './leagues.query.js';
import type { GroupPlace, Result, Week } from './leagues.query.js';
import { stretchOfWeek } from './leagues.service.js';

/** Leagues as they are read: one's own group, and all groups at a glance. */
@Injectable()
export class LeagueTablesService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
  ) {}

  list(): League[] {
    return this.programme.leagues;
  }

  /** The groups of a week, of the newest unless one is named. */
  async overview(id: string, key?: string): Promise<object> {
    const league = this.find(id);
    const week = await this.week(id, key);
    const groups = await query.groupsOf(this.database.manager, week.id);
    const people = groups.reduce((sum, group) => sum + group.people, 0);
    const named = groups.map(({ tier, ...group }) => ({ ...group, tier: nameOf(league, tier) }));
    return { ...headOf(week), tiers: league.tiers, people, groups: named };
  }

  /** The group of a number, best first. */
  async group(id: string, group: number, key?: string): Promise<object> {
    const league = this.find(id);
    const week = await this.week(id, key);
    return { ...headOf(week), group, places: await this.places(league, week, group) };
  }

  /** Somebody's own group; `group` is null for who does not play. */
  async mine(id: string, personId: string, key?: string): Promise<object> {
    const league = this.find(id);
    const week = await this.week(id, key);
    const own = await query.groupOf(this.database.manager, week.id, personId);
    if (!own) return { ...headOf(week), group: null, tier: null, place: null, places: [] };
    const places = await this.places(league, week, own.group, personId);
    const place = places.find((one) => one.personId === personId) ?? null;
    const moves = { promote: league.promote, demote: league.demote };
    return { ...headOf(week), group: own.group, tier: nameOf(league, own.tier), ...moves, place, places };
  }

  private async places(league: League, week: Week, group: number, asking?: string) {
    const { manager } = this.database;
    const places = week.closedAt
      ? await query.resultsOf(manager, week.id, group)
      : await query.standings(manager, league.metric, stretchOfWeek(league, week), {
          weekId: week.id,
          group,
        });
    return places.map((place) => told(league, place, asking));
  }

  private async week(id: string, key?: string): Promise<Week> {
    const week = await query.findWeek(this.database.manager, id, key ?? null);
    if (!week) throw notFound('league_week', `${id} ${key ?? ''}`.trim());
    return week;
  }

  private find(id: string): League {
    const league = this.programme.leagues.find((item) => item.id === id);
    if (!league) throw notFound('league', id);
    return league;
  }
}

const headOf = ({ league, periodKey, start, end, closedAt }: Week): object => ({
  league,
  periodKey,
  start,
  end,
  closed: closedAt !== null,
});

const nameOf = ({ tiers }: League, tier: number): string => tiers[Math.min(tier, tiers.length - 1)]!;

/** Who has become hidden since the week began keeps the place and loses the name, but not before themselves. */
function told(league: League, place: GroupPlace | Result, asking?: string) {
  const { personId, hidden, rank, score, reachedAt, tier } = place;
  const shown = hidden && personId !== asking ? null : personId;
  const outcome = 'outcome' in place ? place.outcome : null;
  return { personId: shown, hidden, rank, score, reachedAt, tier: nameOf(league, tier), outcome };
}
