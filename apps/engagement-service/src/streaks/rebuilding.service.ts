import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Pollers } from '#libs/platform';
import { runsOf } from '#libs/scoring';
import type { Streak } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import { lockPeople, pageOfPeople } from '../badges/people.query.js';
import { calendarOf } from './calendars.js';
import * as query from './streaks.query.js';
import type { KeptRun } from './streaks.query.js';
import { unitsOf } from './units.js';

const PAGE = 500;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Makes streaks anew from the sums of days: for somebody whose days off have changed, and for everybody when a streak is new or another. */
@Injectable()
export class RebuildingService implements OnModuleInit {
  /** Streaks whose runs are known to be as they should be, by what they mean, so that the poll need not ask. */
  private readonly settled = new Map<string, string>();

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'streaks', work: () => this.work(), everyMs: 2_000 });
  }

  /** One streak of some people, whose locks the caller holds. Gives and tells nothing: what is old is for the backfill. */
  async rebuild(manager: EntityManager, streak: Streak, people: readonly string[]): Promise<void> {
    const units = unitsOf(streak, await query.readDays(manager, streak.metric, people));
    const absences = await query.readAbsences(manager, people);
    const runs = absences.flatMap((absence): KeptRun[] => {
      const { personId } = absence;
      const calendar = calendarOf(absence, streak.id, this.programme.settings);
      const own = (units.get(personId) ?? []).map(({ unit }) => unit);
      return runsOf(streak.every, own, calendar).map((run) => ({
        ...run,
        personId,
        streak: streak.id,
      }));
    });
    await query.clearRuns(manager, streak.id, people);
    await query.replaceRuns(manager, [], runs);
  }

  /** One page of people of one streak that is new or another than it was; returns how many pages it did. */
  private async work(): Promise<number> {
    return this.database.transaction(async (manager) => {
      for (const streak of this.programme.streaks) {
        const cursor = await this.claim(manager, streak);
        if (cursor === null) continue;
        await this.workPage(manager, streak, cursor);
        return 1;
      }
      return 0;
    });
  }

  /** Behind whom to go on, with the lock of the streak; null when its runs are as they should be, or somebody else makes them. */
  private async claim(manager: EntityManager, streak: Streak): Promise<string | null> {
    const meaning = JSON.stringify(meaningOf(streak));
    if (this.settled.get(streak.id) === meaning) return null;
    await manager.query(
      `INSERT INTO streak_definitions (streak, definition, cursor) VALUES ($1, $2, $3)
       ON CONFLICT (streak) DO UPDATE SET definition = EXCLUDED.definition, cursor = EXCLUDED.cursor
       WHERE streak_definitions.definition <> EXCLUDED.definition`,
      [streak.id, meaning, NOBODY],
    );
    const [row]: { cursor: string | null }[] = await manager.query(
      `SELECT cursor FROM streak_definitions WHERE streak = $1 FOR UPDATE SKIP LOCKED`,
      [streak.id],
    );
    if (row?.cursor === null) this.settled.set(streak.id, meaning);
    return row?.cursor ?? null;
  }

  private async workPage(manager: EntityManager, streak: Streak, cursor: string): Promise<void> {
    const people = await pageOfPeople(manager, cursor, PAGE);
    await lockPeople(manager, people);
    await this.rebuild(manager, streak, people);
    await manager.query(`UPDATE streak_definitions SET cursor = $2 WHERE streak = $1`, [
      streak.id,
      people.length < PAGE ? null : people.at(-1),
    ]);
  }
}

/** What changes the runs; the name does not. */
const meaningOf = ({ metric, every, at_least }: Streak): object => ({ metric, every, at_least });
