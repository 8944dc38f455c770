import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { Streak } from '#libs/scoring';
import { BadgesService } from '../badges/badges.service.js';
import type { BadgeGrant } from '../badges/grants.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { calendarOf } from './calendars.js';
import { grantsOfGrown, grownRuns } from './grown.js';
import type { GrownRun } from './grown.js';
import { RebuildingService } from './rebuilding.service.js';
import * as query from './streaks.query.js';
import { endOf, nthOf, unitsOf } from './units.js';

/** Makes streaks anew of somebody whose days off have changed, and gives the badges that what was joined is long enough for. */
@Injectable()
export class HealingService {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly badges: BadgesService,
    private readonly rebuilding: RebuildingService,
    private readonly clock: Clock,
  ) {}

  /** These streaks of a person, or all of them; the caller holds the lock of the person. */
  async heal(
    manager: EntityManager,
    personId: string,
    streaks: readonly Streak[] = this.programme.streaks,
  ): Promise<void> {
    const before = await query.readRuns(manager, personId);
    for (const streak of streaks) await this.rebuilding.rebuild(manager, streak, [personId]);
    const grown = grownRuns(before, await query.readRuns(manager, personId));
    const grants: BadgeGrant[] = [];
    for (const run of grown) grants.push(...(await this.grantsOf(manager, run)));
    await this.badges.grant(manager, grants);
  }

  private async grantsOf(manager: EntityManager, run: GrownRun): Promise<BadgeGrant[]> {
    const { personId } = run;
    const streak = this.programme.streaks.find(({ id }) => id === run.streak);
    const [absences] = await query.readAbsences(manager, [personId]);
    if (!streak || !absences) return [];
    const days = await query.readDays(manager, streak.metric, [personId]);
    const units = unitsOf(streak, days).get(personId) ?? [];
    const calendar = calendarOf(absences, streak.id, this.programme.settings);
    return grantsOfGrown(this.programme.badges, run, (reaches) => {
      const nth = nthOf(streak, run, units, { reaches, calendar });
      return nth && { unit: nth.unit, at: endOf(nth.day, calendar.zone, this.clock.now()) };
    });
  }
}
