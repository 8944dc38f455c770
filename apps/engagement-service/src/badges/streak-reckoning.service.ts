import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WorkCalendar } from '#libs/calendar';
import { Clock } from '#libs/platform';
import { periodOfDay, runsOf, stepsOf } from '#libs/scoring';
import type { Badge, Streak } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import { calendarOf } from '../streaks/calendars.js';
import { readAbsences, readDays } from '../streaks/streaks.query.js';
import { endOf, nthOf, unitsOf } from '../streaks/units.js';
import type { CarryingUnit } from '../streaks/units.js';
import type { BadgeGrant } from './grants.js';

/** What badges for streaks would have brought in the past. */
@Injectable()
export class StreakReckoning {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  async reckon(
    manager: EntityManager,
    badge: Badge,
    streakId: string,
    people: readonly string[],
  ): Promise<{ grants: BadgeGrant[]; rows: number }> {
    const streak = this.programme.streaks.find(({ id }) => id === streakId);
    if (!streak) return { grants: [], rows: 0 };
    const days = await readDays(manager, streak.metric, people);
    const units = unitsOf(streak, days);
    const absences = await readAbsences(manager, people);
    const grants = absences.flatMap((absence) => {
      const calendar = calendarOf(absence, streakId, this.programme.settings);
      return this.grantsOf(badge, streak, absence.personId, units.get(absence.personId) ?? [], calendar);
    });
    return { grants, rows: days.length };
  }

  private grantsOf(
    badge: Badge,
    streak: Streak,
    personId: string,
    units: readonly CarryingUnit[],
    calendar: WorkCalendar,
  ): BadgeGrant[] {
    const { id, when, repeat } = badge;
    if (repeat === 'object') return [];
    return stepsOf(when!).flatMap(({ tier, reaches }) =>
      reachedIn(streak, units, calendar, reaches).map(({ unit, day }) => ({
        badge: id,
        personId,
        periodKey: periodOfDay(repeat, unit).key,
        tier,
        cause: `streak ${streak.id} reached ${reaches}`,
        earnedAt: endOf(day, calendar.zone, this.clock.now()),
      })),
    );
  }
}

/** The unit of each run that was the so-many-th of it. */
function reachedIn(
  streak: Streak,
  units: readonly CarryingUnit[],
  calendar: WorkCalendar,
  reaches: number,
): CarryingUnit[] {
  const runs = runsOf(
    streak.every,
    units.map(({ unit }) => unit),
    calendar,
  );
  return runs.flatMap((run) => nthOf(streak, run, units, { reaches, calendar }) ?? []);
}
