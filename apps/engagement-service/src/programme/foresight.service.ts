import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { NO_FACTS } from '#libs/expression';
import { Clock } from '#libs/platform';
import { foresee, needsOf, waitingWords } from '#libs/workflow';
import type { Definition, Foreseen, PersonFacts, WaitingStep } from '#libs/workflow';
import { FactsService } from '../insights/facts.service.js';
import { readPeople } from '../workflows/audience.query.js';
import { pageOfLiving } from '../workflows/runs.query.js';
import type { StoredRun } from '../workflows/runs.query.js';
import { QUEUED, wayOf } from './policy.js';
import type { Waiting } from './policy.js';
import { ProgrammeService } from './programme.service.js';

const PAGE = 1_000;

/** The runs that wait at a step of a workflow, and what could become of them, in words. */
export interface Forecast extends WaitingStep {
  keep: string;
  move: string;
  stop: string;
}

interface Tally extends Omit<WaitingStep, 'people'> {
  mailed: Set<string>;
  /** Mails of for_each branches: to how many is known, to whom is not. */
  others: number;
}

/** What would come of the waiting runs of a workflow: every one of them is moved in memory, page by page; nothing is written. */
@Injectable()
export class ForesightService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly facts: FactsService,
    private readonly clock: Clock,
  ) {}

  /** By step, in the order of the new version; without a definition (switched off) there is nowhere to move to. */
  async of(workflowId: string, next: Definition | null, version: number): Promise<Foresight> {
    const tallies = new Map<string, Tally>();
    const { manager } = this.database;
    for (let after = ''; ;) {
      const page = await pageOfLiving(manager, {
        workflowId,
        otherThan: version,
        after,
        limit: PAGE,
        lock: false,
      });
      if (page.length === 0) break;
      after = page.at(-1)!.run.id;
      const foreseen = next ? await this.foresee(manager, next, page, version) : null;
      page.forEach(({ run }, index) =>
        add(tallyOf(tallies, run.cursor ?? QUEUED), foreseen ? foreseen[index]! : NOWHERE),
      );
    }
    const audience = await this.everybody(manager, [...tallies.values()]);
    return new Foresight(inOrder([...tallies.values()], next), audience);
  }

  private async foresee(
    manager: EntityManager,
    definition: Definition,
    page: readonly StoredRun[],
    version: number,
  ): Promise<Foreseen[]> {
    const { settings } = this.programme;
    const ids = [...new Set(page.flatMap(({ run }) => run.personId ?? []))];
    const people = await readPeople(manager, ids, settings, this.clock.now());
    const now = this.clock.now();
    const needs = needsOf(definition);
    const whose = [...people.values()].map(({ id, calendar }) => ({ id, zone: calendar.zone }));
    const facts = needs.length > 0 ? await this.facts.read(manager, needs, whose, now) : NO_FACTS;
    const personOf = (id: string | null): PersonFacts | null => people.get(id ?? '') ?? null;
    return page.map(({ run }) =>
      foresee(definition, run, version, now.getTime(), {
        person: personOf(run.personId),
        programme: { zone: settings.zone },
        facts,
      }),
    );
  }

  // Who is in an audience is only known when it is gone through; at worst it is everybody.
  private async everybody(manager: EntityManager, tallies: readonly Tally[]): Promise<number> {
    if (tallies.every(({ others }) => others < Infinity)) return 0;
    const [row]: { count: number }[] = await manager.query(
      `SELECT count(*) AS count FROM people WHERE active`,
    );
    return row!.count;
  }
}

/** What is foreseen of the waiting runs of a workflow. */
export class Foresight {
  readonly steps: Forecast[];

  constructor(
    private readonly tallies: readonly Tally[],
    private readonly everybody: number,
  ) {
    this.steps = tallies.map((tally) => this.forecast(tally));
  }

  /** How many people would be written to at once if waiting runs went these ways. */
  atOnce(waiting: Waiting): number {
    const moving = this.tallies.filter(({ step }) => wayOf(waiting, step) === 'move');
    const people = new Set(moving.flatMap(({ mailed }) => [...mailed]));
    return people.size + moving.reduce((sum, tally) => sum + this.othersOf(tally), 0);
  }

  private forecast(tally: Tally): Forecast {
    const { step, runs, movable, mailed, mails } = tally;
    const others = this.othersOf(tally);
    const waiting = { step, runs, movable, people: mailed.size + others, mails: mails + others };
    return { ...waiting, ...waitingWords(waiting) };
  }

  private othersOf({ others }: Tally): number {
    return others === Infinity ? this.everybody : others;
  }
}

const NOWHERE: Foreseen = { moves: false, mailed: [], branches: 0, audiences: 0, dueAt: null };

function tallyOf(tallies: Map<string, Tally>, step: string): Tally {
  const tally = tallies.get(step) ?? { step, runs: 0, movable: 0, mails: 0, mailed: new Set(), others: 0 };
  tallies.set(step, tally);
  return tally;
}

function add(tally: Tally, { moves, mailed, branches, audiences }: Foreseen): void {
  tally.runs++;
  if (moves) tally.movable++;
  tally.mails += mailed.length;
  for (const personId of mailed) tally.mailed.add(personId);
  tally.others += audiences > 0 ? Infinity : branches;
}

const inOrder = (tallies: Tally[], next: Definition | null): Tally[] => {
  const place = ({ step }: Tally): number => {
    const index = next?.order.indexOf(step) ?? -1;
    return index < 0 ? Infinity : index;
  };
  return tallies.sort((a, b) => (place(a) === place(b) ? (a.step < b.step ? -1 : 1) : place(a) - place(b)));
};
