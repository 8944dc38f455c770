import type { Facts } from '#libs/expression';
import { advance } from '../advance.js';
import type { Input } from '../advance.js';
import type { Definition } from '../definition.js';
import type { Effect, ExpandEffect, ThrottleEffect } from '../effects.js';
import { awaitsKeys } from '../queries.js';
import { branchRun, isEnded, newRun } from '../run.js';
import type { Run } from '../run.js';
import { nextScheduled, scheduleFirings } from '../schedules.js';
import { audienceKey, startsOn, stopsOn } from '../starts.js';
import type { Stop } from '../starts.js';
import type { PersonFacts, WorkflowEvent } from '../world.js';
import { Living } from './living.js';
import { membershipOf } from './membership.js';
import { Tally } from './tally.js';
import type { SimulationResult } from './tally.js';

/** Where and when a simulation plays. */
export interface SimulationOptions {
  programmeZone: string;
  /** The zones people live in, for schedules in the recipient's zone. */
  zones: readonly string[];
  /** Epoch ms: schedules fire after it. */
  from: number;
}

/** A run and what happens to it next. */
export interface SimulatedTurn {
  runId: string;
  personId: string | null;
  input: Input;
}

/** A condition to be weighed for everybody: the audience of the workflow, or of a for_each of a run. */
export interface OpenAudience {
  audience: string;
  run: Run | null;
  stepId: string | null;
  key: string | null;
  event: Record<string, unknown>;
  /** Only people of this zone. */
  zone: string | null;
}

/** What turns may look at. */
export interface SimulatedWorld {
  person: (id: string) => PersonFacts | null;
  facts: Facts;
}

/**
 * Plays events through the very same `advance` in virtual time and writes nothing. Whoever drives it gives it events in order of time,
 * and for each batch of turns the people and facts they ask for; between events it moves to the next timer or schedule. Calls are
 * taken to succeed and questions to stay unanswered.
 */
export class Simulation {
  private readonly living = new Living();
  private readonly tally: Tally;
  private readonly queued = new Map<string, Run[]>();
  private readonly places = new Map<string, number[]>();
  private turns: SimulatedTurn[] = [];
  private audiences: OpenAudience[] = [];
  private count = 0;
  private scheduledUntil: number;
  now: number;

  private readonly definition: Definition;

  constructor(
    definition: Definition,
    private readonly options: SimulationOptions,
  ) {
    // Whoever asks what it would do asks of it switched on.
    this.definition = { ...definition, enabled: true };
    this.tally = new Tally(options.programmeZone);
    this.now = options.from;
    this.scheduledUntil = options.from;
  }

  /** How many runs are alive, for whoever watches the memory. */
  get size(): number {
    return this.living.size;
  }

  /** The next moment a timer or a schedule is due, or null. */
  nextMoment(): number | null {
    this.forgetStale();
    const { zones, programmeZone } = this.options;
    const scheduled = nextScheduled(this.definition, zones, this.scheduledUntil, programmeZone) ?? Infinity;
    const next = Math.min(this.living.timers.peek()?.dueAt ?? Infinity, scheduled);
    return Number.isFinite(next) ? next : null;
  }

  /** Moves to a moment: what is due then waits to be taken. */
  moveTo(now: number): void {
    const until = (this.now = now);
    const ask = { after: this.scheduledUntil, until, now, ...this.options };
    for (const { key, zone, trigger, nominal } of scheduleFirings(this.definition, ask)) {
      const local = (this.definition.on[trigger]!.config as { zone?: string }).zone === 'recipient';
      const event = { type: 'schedule', zone, nominal: new Date(nominal).toISOString() };
      this.start(key, null, event, local ? zone : null);
    }
    this.scheduledUntil = now;
    this.wakeDue();
  }

  /** Lets an event happen: it stops, wakes and starts runs. */
  hear(event: WorkflowEvent): void {
    this.now = event.occurredAt;
    this.tally.events += 1;
    for (const stop of stopsOn(this.definition, event))
      for (const run of this.stopped(stop)) this.give(run, { type: 'event', event });
    for (const run of this.living.awaitingOn(awaitsKeys(this.definition, event)))
      this.give(run, { type: 'event', event });
    const { starts, refused } = startsOn(this.definition, event);
    for (const { reason } of refused) this.tally.because('notStarted', reason);
    for (const start of starts) this.start(start.key, start.personId, start.event, null);
  }

  /** The turns that wait to be done now. */
  take(): SimulatedTurn[] {
    const { turns } = this;
    this.turns = [];
    return turns;
  }

  /** The audiences that wait to be weighed for everybody. */
  takeAudiences(): OpenAudience[] {
    const { audiences } = this;
    this.audiences = [];
    return audiences;
  }

  /** Does turns. */
  do(turns: readonly SimulatedTurn[], world: SimulatedWorld): void {
    for (const { runId, input } of turns) {
      const run = this.living.get(runId);
      if (run) this.advance(run, input, world);
    }
  }

  /** Weighs an audience for a page of people; who belongs begins. */
  weigh(open: OpenAudience, people: readonly PersonFacts[], facts: Facts): void {
    const names = open.run?.branch?.names ?? {};
    for (const person of people) {
      if (open.zone !== null && person.calendar.zone !== open.zone) continue;
      const weighed = membershipOf(this.definition, open.audience, {
        person,
        event: open.event,
        facts,
        names,
      });
      if (weighed.member) this.admit(open, person.id);
      else this.tally.because('notReached', weighed.reason);
    }
  }

  /** Everybody has been weighed. */
  close({ run, stepId }: OpenAudience): void {
    if (run && stepId !== null) this.settle(run.id, { closing: true });
  }

  result(): SimulationResult {
    return this.tally.result(this.living.all());
  }

  private admit(open: OpenAudience, personId: string): void {
    if (!open.run || open.stepId === null) {
      return this.begin(audienceKey(open.key, personId), personId, open.event);
    }
    this.branch(open.run, branchRun(this.definition, open.run, open.stepId, personId, personId, personId));
  }

  private start(
    key: string | null,
    personId: string | null,
    event: Record<string, unknown>,
    zone: string | null,
  ): void {
    const { audience } = this.definition;
    if (audience === null) return this.begin(key, personId, event);
    this.audiences.push({ audience, run: null, stepId: null, key, event, zone });
  }

  private begin(key: string | null, personId: string | null, event: Record<string, unknown>): void {
    const { id: workflowId, again } = this.definition;
    const id = `simulated-${++this.count}`;
    const run = newRun({ id, workflowId, version: 0, key, personId, event, triggeredAt: this.now });
    const other = key === null ? undefined : this.living.withKey(key);
    if (!other) return this.add(run);
    if (again === 'queue') return void this.queued.set(key!, [...(this.queued.get(key!) ?? []), run]);
    if (again === 'ignore') return this.tally.because('notStarted', 'a run with this key is alive');
    this.give(other, { type: 'cancelled', reason: 'started anew' });
    this.queued.set(key!, [run]);
  }

  private add(run: Run): void {
    this.living.keep(run);
    this.give(run, { type: 'started' });
  }

  private give({ id, personId }: Run, input: Input): void {
    this.turns.push({ runId: id, personId, input });
  }

  private advance(run: Run, input: Input, { person, facts }: SimulatedWorld): void {
    const programme = { zone: this.options.programmeZone };
    const whose = run.personId === null ? null : person(run.personId);
    const next = advance(this.definition, run, input, this.now, { person: whose, programme, facts });
    if (next.run === run) return;
    for (const line of next.log) this.tally.line(next.run, line);
    this.living.keep(next.run);
    for (const effect of next.effects) this.act(next.run, effect);
    if (isEnded(next.run)) this.ended(next.run);
  }

  private ended({ id, parentId, key }: Run): void {
    for (const branch of this.living.branchesOf(id))
      this.give(branch, { type: 'cancelled', reason: 'the run it belongs to has ended' });
    if (parentId !== null) return this.settle(parentId, { closing: false });
    const [next, ...rest] = this.queued.get(key ?? '') ?? [];
    if (!next) return;
    if (rest.length > 0) this.queued.set(key!, rest);
    else this.queued.delete(key!);
    this.add(next);
  }

  private act(run: Run, effect: Effect): void {
    this.tally.effect(effect, this.now);
    if (effect.type === 'expand') this.expand(run, effect);
    if (effect.type === 'throttle') this.givePlace(run, effect);
    if (effect.type === 'call')
      this.give(run, { type: 'effectSettled', stepId: effect.stepId, result: ANSWERED });
  }

  private expand(run: Run, { stepId, items, audience }: ExpandEffect): void {
    this.living.openFan(run.id, stepId);
    if (audience !== undefined) {
      this.audiences.push({ audience, run, stepId, key: run.key, event: run.event ?? {}, zone: null });
      return;
    }
    for (const { key, item } of items ?? [])
      this.branch(run, branchRun(this.definition, run, stepId, key, item, null));
    this.settle(run.id, { closing: true });
  }

  private branch(parent: Run, run: Run): void {
    this.living.addBranch(parent.id);
    this.add(run);
  }

  private settle(runId: string, how: { closing: boolean }): void {
    const stepId = this.living.endBranch(runId, how);
    const run = stepId === null ? undefined : this.living.get(runId);
    if (run) this.give(run, { type: 'effectSettled', stepId: stepId! });
  }

  private givePlace(run: Run, { stepId, key, limit, perMs }: ThrottleEffect): void {
    const name = `${stepId} ${key}`;
    const given = this.places.get(name) ?? [];
    const dueAt = Math.max(this.now, (given.at(-limit) ?? -Infinity) + perMs);
    // Only the last `limit` places decide about the next.
    this.places.set(name, [...given, dueAt].slice(-limit));
    this.give(run, { type: 'effectSettled', stepId, result: { dueAt } });
  }

  private stopped(stop: Stop): Run[] {
    if (stop.key === null) return stop.personId === null ? [] : this.living.ofPerson(stop.personId);
    const run = this.living.withKey(stop.key);
    return run ? [run] : [];
  }

  private wakeDue(): void {
    for (
      let timer = this.living.timers.peek();
      timer && timer.dueAt <= this.now;
      timer = this.living.timers.peek()
    ) {
      this.living.timers.take();
      const run = this.living.get(timer.runId);
      if (run?.status === 'waiting' && run.dueAt === timer.dueAt)
        this.give(run, { type: 'timerFired', stepId: run.cursor ?? '', dueAt: timer.dueAt });
    }
  }

  private forgetStale(): void {
    const { timers } = this.living;
    for (let timer = timers.peek(); timer; timer = timers.peek()) {
      if (this.living.get(timer.runId)?.dueAt === timer.dueAt) return;
      timers.take();
    }
  }
}

const ANSWERED = { ok: true, status: 200, body: null, error: null };
