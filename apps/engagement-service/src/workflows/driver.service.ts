import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NO_FACTS } from '#libs/expression';
import type { Facts } from '#libs/expression';
import { Clock, afterCommit } from '#libs/platform';
import { advance, isEnded, needsOf } from '#libs/workflow';
import type { Advanced, Definition, Input, PersonFacts, Run, World } from '#libs/workflow';
import { FactsService } from '../insights/facts.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { RunMeter } from '../steering/run-meter.js';
import { readPeople } from './audience.query.js';
import { DefinitionsService } from './definitions.service.js';
import { EarsService } from './ears.service.js';
import { EffectsService } from './effects.service.js';
import { hearInOrder } from './hearing.js';
import type { Wanted } from './carriers/carrier.js';
import { QueueService } from './queue.service.js';
import * as query from './runs.query.js';
import * as store from './runs-store.query.js';
import type { StoredRun } from './runs.query.js';
import type { Moved, Turn } from './turns.js';

/** Moves batches of runs: people and facts are fetched once, each run is advanced, everything is stored in the caller's transaction. */
@Injectable()
export class DriverService {
  private wakeTimers: () => void = () => undefined;
  private wakeExpansions: () => void = () => undefined;

  constructor(
    private readonly definitions: DefinitionsService,
    private readonly facts: FactsService,
    private readonly effects: EffectsService,
    private readonly ears: EarsService,
    private readonly queue: QueueService,
    private readonly programme: ProgrammeService,
    private readonly meter: RunMeter,
    private readonly clock: Clock,
  ) {}

  /** The pollers that go on where a batch leaves off. */
  onWork(wakeTimers: () => void, wakeExpansions: () => void): void {
    this.wakeTimers = wakeTimers;
    this.wakeExpansions = wakeExpansions;
  }

  /**
   * Starts new runs. Advancing is pure, so they are inserted once, as they stand after their first turn; of those that a
   * living key keeps out nothing remains, and they are returned.
   */
  async start(manager: EntityManager, turns: readonly Turn[]): Promise<Turn[]> {
    const moved = await this.advanceAll(manager, turns);
    const inserted = await store.insertRuns(manager, moved, this.clock.now());
    await this.save(
      manager,
      moved.filter(({ run }) => inserted.has(run.id)),
    );
    return turns.filter(({ run }) => !inserted.has(run.id));
  }

  /** Advances stored (locked) runs and saves them; returns their new states. */
  async move(manager: EntityManager, turns: readonly Turn[]): Promise<StoredRun[]> {
    const moved = await this.advanceAll(manager, turns);
    const changed = moved.filter(({ run }, index) => run !== turns[index]!.run);
    await store.updateRuns(manager, changed, this.clock.now());
    await this.save(manager, changed);
    const cutShort = moved
      .filter(({ run }, index) => wasCutShort(turns[index]!.run, run))
      .map(({ run }) => run.id);
    if (cutShort.length > 0) await this.cancelBranches(manager, cutShort);
    return moved;
  }

  /** Ends the living branches of runs that have ended. */
  async cancelBranches(manager: EntityManager, parentIds: readonly string[]): Promise<void> {
    const branches = await query.lockBranches(manager, parentIds);
    const input = { type: 'cancelled', reason: 'the run it belongs to has ended' } as const;
    if (branches.length > 0) {
      const turns = branches.map((stored) => ({ ...stored, input }));
      await this.move(manager, turns);
    }
  }

  /**
   * Starts branches of a for_each. Those that end at once leave only their effects and what went wrong:
   * a mail to 100,000 people is not 100,000 rows of run state.
   */
  async startBranches(manager: EntityManager, branches: readonly StoredRun[]): Promise<void> {
    const turns = branches.map((branch) => ({ ...branch, input: STARTED }));
    const moved = await this.advanceAll(manager, turns);
    const staying = moved.filter(({ run }) => !isEnded(run));
    await store.insertRuns(manager, staying, this.clock.now());
    const ended = moved.filter(({ run }) => isEnded(run));
    const brief = ended.map((item) => ({ ...item, log: item.log.filter(isWorthKeeping) }));
    await store.writeTurns(manager, brief);
    await this.save(manager, [...staying, ...brief]);
  }

  /** What follows from turns, once their runs and lines are stored. */
  private async save(manager: EntityManager, moved: readonly Moved[]): Promise<void> {
    this.meter.moved(manager, moved, this.clock.now());
    const wanted = moved.flatMap(({ effects, run, triggeredAt, eventOf = null, from }): Wanted[] =>
      effects.map((effect) => ({ run, triggeredAt, eventOf, from, effect })),
    );
    const answered = await this.effects.carryOut(manager, wanted);
    const overheard = await this.ears.overheard(manager, moved);
    const called = await this.queue.next(manager, moved);
    afterCommit(manager, this.wakeTimers);
    afterCommit(manager, this.wakeExpansions);
    const next = [...answered, ...overheard, ...called];
    if (next.length > 0) await this.move(manager, next);
  }

  private async advanceAll(manager: EntityManager, turns: readonly Turn[]): Promise<Moved[]> {
    const personIds = [...new Set(turns.flatMap(({ run }) => run.personId ?? []))];
    const people = await readPeople(manager, personIds, this.programme.settings, this.clock.now());
    const moved = new Map<Turn, Moved>();
    for (const group of groupByVersion(turns)) {
      const { workflowId } = group[0]!.run;
      const version = versionFor(group[0]!);
      const { definition } = await this.definitions.at(manager, workflowId, version);
      const facts = await this.factsFor(manager, definition, group, people);
      for (const turn of group) moved.set(turn, this.advanceOne(definition, turn, people, facts));
    }
    return turns.map((turn) => moved.get(turn)!);
  }

  private advanceOne(
    definition: Definition,
    turn: Turn,
    people: ReadonlyMap<string, PersonFacts>,
    facts: Facts,
  ): Moved {
    const person = people.get(turn.run.personId ?? '') ?? null;
    const world: World = { person, programme: { zone: this.programme.settings.zone }, facts };
    const now = this.clock.now().getTime();
    const give = (run: Run, input: Input): Advanced => advance(definition, run, input, now, world);
    const { run: before, input, triggeredAt, eventOf = null } = turn;
    const result =
      input.type === 'heard'
        ? hearInOrder(before, input.events, give)
        : { ...give(before, input), heard: [] };
    return { ...result, before, triggeredAt, eventOf, from: beginningOf(turn, result.heard, now) };
  }

  private factsFor(
    manager: EntityManager,
    definition: Definition,
    turns: readonly Turn[],
    people: ReadonlyMap<string, PersonFacts>,
  ): Promise<Facts> {
    const needs = needsOf(definition);
    if (needs.length === 0) return Promise.resolve(NO_FACTS);
    const ids = new Set(turns.flatMap(({ run }) => run.personId ?? []));
    const whose = [...ids]
      .flatMap((id) => people.get(id) ?? [])
      .map(({ id, calendar }) => ({ id, zone: calendar.zone }));
    return this.facts.read(manager, needs, whose, this.clock.now());
  }
}

const STARTED = { type: 'started' } as const;

/** From when on a run that begins to wait now hears what happens: from what has brought it there, however late that was handled. */
function beginningOf({ run, input, from }: Turn, heard: readonly string[], now: number): number {
  if (input.type === 'started') return run.startedAt ?? now;
  if (input.type === 'timerFired') return input.dueAt;
  if (input.type !== 'heard') return from ?? now;
  return input.events.findLast(({ event }) => event.id === heard.at(-1))?.event.occurredAt ?? from ?? now;
}

/** A run that ends early while its branches are under way takes them with it. */
const wasCutShort = (before: Run, after: Run): boolean =>
  before.status === 'expanding' && ['stopped', 'cancelled', 'failed'].includes(after.status);

const isWorthKeeping = ({ outcome }: { outcome: string }): boolean => ['failed', 'skipped'].includes(outcome);

/** A run is advanced by the version it is pinned to; one that is moved, by the version it is moved to. */
const versionFor = ({ run, input }: Turn): number => (input.type === 'moved' ? input.version : run.version);

function groupByVersion(turns: readonly Turn[]): Turn[][] {
  const groups = new Map<string, Turn[]>();
  for (const turn of turns) {
    const key = `${turn.run.workflowId}@${versionFor(turn)}`;
    const group = groups.get(key);
    if (group) group.push(turn);
    else groups.set(key, [turn]);
  }
  return [...groups.values()];
}
