import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { localToInstant, plusDays } from '#libs/calendar';
import type { WorkCalendar } from '#libs/calendar';
import { Clock } from '#libs/platform';
import { periodOfDay, runsOf, stepsOf } from '#libs/scoring';
import type { Badge, Streak } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import { calendarOf } from '../streaks/calendars.js';
import { readAbsences, readDays } from '../streaks/streaks.query.js';
import { unitsOf } from '../streaks/units.js';
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
        earnedAt: this.endOf(day, calendar.zone),
      })),
    );
  }

  private endOf(day: string, zone: string): Date {
    return new Date(
      Math.min(localToInstant(plusDays(day, 1), '00:00', zone) - 1000, this.clock.now().getTime()),
    );
  }
}

/** The unit of each run that was the so-many-th of it. */
function reachedIn(
  { every }: Streak,
  units: readonly CarryingUnit[],
  calendar: WorkCalendar,
  reaches: number,
): CarryingUnit[] {
  const count = Math.ceil(reaches);
  return runsOf(
    every,
    units.map(({ unit }) => unit),
    calendar,
  )
    .filter(({ length }) => length >= count)
    .flatMap((run) => {
      const own = units.filter(({ unit }) => unit >= run.from && unit <= run.to);
      const nth = own.filter(({ unit }) => runsOf(every, [unit], calendar).length > 0)[count - 1];
      return nth ? [nth] : [];
    });
}
