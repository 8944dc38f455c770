import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { carriesOn, unitOf, withUnit } from '#libs/scoring';
import type { Contribution, Streak } from '#libs/scoring';
import { BadgesService } from '../badges/badges.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { calendarOf } from './calendars.js';
import { grantsOfGrown, longestAround } from './grown.js';
import { RebuildingService } from './rebuilding.service.js';
import * as query from './streaks.query.js';
import type { KeptRun } from './streaks.query.js';

/** A day or week in which a batch moved the metric of a streak, with what moved it, earliest first. */
interface Touched extends query.Touch {
  definition: Streak;
  moves: Contribution[];
}

/** A unit that newly carries a streak on. */
interface Carried extends Touched {
  /** When the activity that did it happened, epoch ms. */
  at: number;
}

/** A streak of a person that has become longer, and the unit that did it. */
interface Grown {
  by: Carried;
  before: number;
  length: number;
}

/** Carries streaks on as metrics move. */
@Injectable()
export class StreaksService {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly badges: BadgesService,
    private readonly rebuilding: RebuildingService,
  ) {}

  /** After the metrics have moved; the caller holds the locks of the people. A batch in which no new day begins costs one question. */
  async move(manager: EntityManager, contributions: readonly Contribution[]): Promise<void> {
    const touched = touchesOf(contributions, this.programme.streaks);
    if (touched.length === 0) return;
    const units = await query.readUnits(
      manager,
      touched.map(({ definition: _definition, moves: _moves, ...touch }) => touch),
    );
    const carried = touched.flatMap((touch, index): Carried[] => {
      const { value, isKnown } = units[index]!;
      return !isKnown && carriesOn(touch.definition, value) ? [{ ...touch, at: momentOf(touch, value) }] : [];
    });
    const fallen = touched.filter(
      ({ definition }, index) => units[index]!.isKnown && !carriesOn(definition, units[index]!.value),
    );
    if (carried.length > 0) await this.carryOn(manager, carried);
    for (const [streak, people] of peopleOf(fallen)) await this.rebuilding.rebuild(manager, streak, people);
  }

  private async carryOn(manager: EntityManager, carried: readonly Carried[]): Promise<void> {
    const people = [...new Set(carried.map(({ personId }) => personId))];
    const absences = new Map((await query.readAbsences(manager, people)).map((row) => [row.personId, row]));
    const kept = await query.readNeighbours(manager, carried);
    const runs = new Map<string, KeptRun[]>();
    for (const run of kept) runs.set(keyOf(run), [...(runs.get(keyOf(run)) ?? []), run]);
    const grown: Grown[] = [];
    for (const by of carried) {
      const absence = absences.get(by.personId);
      if (!absence) continue;
      const calendar = calendarOf(absence, by.streak, this.programme.settings);
      const before = runs.get(keyOf(by)) ?? [];
      const after = withUnit(by.definition.every, before, by.from, calendar);
      const now = after.find(({ from, to }) => from <= by.from && by.from <= to);
      if (now) grown.push({ by, length: now.length, before: longestAround(before, now) });
      runs.set(
        keyOf(by),
        after.map((run) => ({ ...run, personId: by.personId, streak: by.streak })),
      );
    }
    await this.write(manager, kept, [...runs.values()].flat());
    await this.badges.grant(
      manager,
      grown.flatMap(({ by, ...lengths }) => {
        const { personId, streak, from: unit, at } = by;
        const reached = { unit, at: new Date(at) };
        return grantsOfGrown(this.programme.badges, { personId, streak, ...lengths }, () => reached);
      }),
    );
  }

  private async write(
    manager: EntityManager,
    kept: readonly KeptRun[],
    runs: readonly KeptRun[],
  ): Promise<void> {
    const words = (run: KeptRun): string => [keyOf(run), run.from, run.to, run.length].join('|');
    const [old, fresh] = [new Set(kept.map(words)), new Set(runs.map(words))];
    await query.replaceRuns(
      manager,
      kept.filter((run) => !fresh.has(words(run))),
      runs.filter((run) => !old.has(words(run))),
    );
  }
}

const keyOf = ({ personId, streak }: query.StreakOf): string => `${personId}|${streak}`;

function touchesOf(contributions: readonly Contribution[], streaks: readonly Streak[]): Touched[] {
  const touched = new Map<string, Touched>();
  for (const move of contributions)
    for (const definition of streaks) {
      if (definition.metric !== move.metric) continue;
      const { personId, day } = move.activity;
      const { id: streak, metric, every } = definition;
      const { from, to } = unitOf(every, day);
      const key = [personId, streak, from].join('|');
      const known = touched.get(key);
      if (known) known.moves.push(move);
      else touched.set(key, { personId, streak, metric, from, to, definition, moves: [move] });
    }
  return [...touched.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** When the sum of the unit, which is `value` after the batch, first carried the streak on; epoch ms. */
function momentOf({ definition, moves }: Touched, value: number): number {
  let sum = value - moves.reduce((total, move) => total + move.value, 0);
  for (const { activity, value: added } of moves) {
    sum += added;
    if (carriesOn(definition, sum)) return activity.occurredAt;
  }
  return moves.at(-1)!.activity.occurredAt;
}

function peopleOf(touched: readonly Touched[]): Map<Streak, string[]> {
  const people = new Map<Streak, string[]>();
  for (const { definition, personId } of touched)
    people.set(definition, [...new Set([...(people.get(definition) ?? []), personId])]);
  return people;
}
