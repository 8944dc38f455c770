import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { localDate } from '#libs/calendar';
import { Clock, DomainError, newId, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { gapOf, standingOf } from '#libs/scoring';
import type { Streak, StreakStanding } from '#libs/scoring';
import { Audit } from '../audit/audit.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { calendarOf } from './calendars.js';
import { lockPeople } from '../badges/people.query.js';
import { HealingService } from './healing.service.js';
import * as query from './streaks.query.js';

/** A streak of a person, as it stands on their own day. */
export interface PersonStreak extends StreakStanding {
  streak: string;
  name: string;
  every: Streak['every'];
}

/** What streaks stand at, and mending those that broke through no fault of the person. */
@Injectable()
export class StandingsService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly healing: HealingService,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Every streak of the programme. Throws `person_unknown`. */
  async ofPerson(personId: string, manager: EntityManager = this.database.manager): Promise<PersonStreak[]> {
    const absences = await this.absencesOf(manager, personId);
    const runs = await query.readRuns(manager, personId);
    const today = localDate(this.clock.now().getTime(), absences.zone);
    return this.programme.streaks.map(({ id, name, every }) => {
      const calendar = calendarOf(absences, id, this.programme.settings);
      const own = runs.filter(({ streak }) => streak === id);
      return { streak: id, name, every, ...standingOf(every, own, today, calendar) };
    });
  }

  /**
   * Excuses the days that broke a streak, those before today or between the last two. Throws `person_unknown`, `streak_unknown` or
   * `streak_unbroken`.
   */
  async restore(who: Caller, personId: string, streakId: string, reason: string): Promise<PersonStreak> {
    const streak = this.programme.streaks.find(({ id }) => id === streakId);
    if (!streak) throw notFound('streak', streakId);
    return this.database.transaction(async (manager) => {
      await lockPeople(manager, [personId]);
      const before = await this.one(manager, personId, streakId);
      const gap = await this.gap(manager, personId, streak);
      if (!gap)
        throw new DomainError(
          'streak_unbroken',
          409,
          'Nothing of this streak is broken that could be mended.',
        );
      await manager.query(
        `INSERT INTO streak_excuses (id, person_id, streak, from_day, to_day, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [newId(), personId, streakId, gap.from, gap.to, reason, this.clock.now()],
      );
      await this.healing.heal(manager, personId, [streak]);
      const after = await this.one(manager, personId, streakId);
      const what = `streak ${streakId} of ${personId}`;
      await this.audit.note(manager, {
        who,
        action: 'restore',
        what,
        before,
        after: { ...after, ...gap, reason },
      });
      return after;
    });
  }

  private async gap(
    manager: EntityManager,
    personId: string,
    { id, every }: Streak,
  ): Promise<{ from: string; to: string } | null> {
    const absences = await this.absencesOf(manager, personId);
    const runs = await query.readRuns(manager, personId);
    return gapOf(
      every,
      runs.filter(({ streak }) => streak === id),
      localDate(this.clock.now().getTime(), absences.zone),
      calendarOf(absences, id, this.programme.settings),
    );
  }

  private async one(manager: EntityManager, personId: string, streak: string): Promise<PersonStreak> {
    return (await this.ofPerson(personId, manager)).find((item) => item.streak === streak)!;
  }

  private async absencesOf(manager: EntityManager, personId: string): Promise<query.Absences> {
    const [absences] = await query.readAbsences(manager, [personId]);
    if (!absences) throw notFound('person', personId);
    return absences;
  }
}
