/** Test only: the smallest driver, in memory and in virtual time, over the same pure functions as the real one. */
import { readFileSync } from 'node:fs';
import { localToInstant } from '#libs/calendar';
import { NO_FACTS } from '#libs/expression';
import type { Facts } from '#libs/expression';
import {
  advance,
  audienceKey,
  awaitsKeys,
  branchRun,
  compileWorkflow,
  inAudience,
  isEnded,
  newRun,
  nextScheduled,
  scheduleFirings,
  startsOn,
  stopsOn,
  stopsRun,
} from './index.js';
import type {
  AwardEffect,
  CallEffect,
  Definition,
  Effect,
  ExpandEffect,
  Input,
  LogEntry,
  PersonFacts,
  Run,
  SendEffect,
  ThrottleEffect,
  WorkflowEvent,
} from './index.js';

export const PROGRAMME_ZONE = 'Europe/Rome';

/** An effect with the virtual moment it was made. */
export type Made<E> = E & { at: number };

export function flagship(name: string): Definition {
  const file = `programme/workflows/${name}.yaml`;
  return compiled(readFileSync(new URL(`../../../${file}`, `file://${import.meta.dirname}/`), 'utf8'), file);
}

export function compiled(text: string, file = 'test.yaml', inputs: Record<string, unknown> = {}): Definition {
  const result = compileWorkflow(text, { file, catalog: {}, inputs });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.definition;
}

export function person(id: string, part: Partial<PersonFacts> = {}): PersonFacts {
  const calendar = { zone: 'Europe/Rome', workingDays: [1, 2, 3, 4, 5], holidays: [] };
  return {
    id,
    active: true,
    participant: true,
    consents: { ranking: true, mail: true },
    lead: null,
    calendar,
    ...part,
  };
}

export const rome = (local: string) => localToInstant(local.slice(0, 10), local.slice(11), PROGRAMME_ZONE);

export class Drive {
  now = 0;
  runs = new Map<string, Run>();
  sends: Made<SendEffect>[] = [];
  awards: Made<AwardEffect>[] = [];
  /** Every effect but timers and expansions, in order. */
  made: Made<Effect>[] = [];
  /** What the other side says to a call. */
  answerTo: (call: CallEffect) => unknown = () => ({ ok: true, status: 200 });
  log: (LogEntry & { runId: string })[] = [];
  private intents = new Set<string>();
  private places = new Map<string, number[]>();
  private count = 0;
  private scheduledUntil = 0;

  constructor(
    private readonly definition: Definition,
    private readonly people: PersonFacts[],
    private readonly facts: Facts = NO_FACTS,
  ) {}

  happen(type: string, at: number, data: Record<string, unknown>): void {
    this.until(at);
    const event: WorkflowEvent = { type, data, occurredAt: at };
    for (const stop of stopsOn(this.definition, event)) {
      for (const run of this.all()) if (stopsRun(stop, run)) this.give(run.id, { type: 'event', event });
    }
    const keys = awaitsKeys(this.definition, event);
    for (const run of this.all().filter((r) => r.status === 'waiting'))
      if (keys.some((k) => k.event === run.awaits?.event && k.on === run.awaits.on))
        this.give(run.id, { type: 'event', event });
    for (const start of startsOn(this.definition, event).starts)
      this.start(start.key, start.personId, start.event);
  }

  until(at: number): void {
    this.scheduledUntil ||= this.now;
    for (let next = this.nextMoment(); next !== null && next <= at; next = this.nextMoment()) this.tick(next);
    this.now = at;
  }

  byPerson(id: string): [string, string][] {
    return this.sends
      .filter((s) => s.to === id)
      .map((s) => [s.template, new Date(s.at).toISOString().slice(0, 16)]);
  }

  private nextMoment(): number | null {
    const timers = this.all()
      .filter((r) => r.status === 'waiting')
      .map((r) => r.dueAt ?? Infinity);
    const scheduled =
      nextScheduled(this.definition, this.zones(), this.scheduledUntil, PROGRAMME_ZONE) ?? Infinity;
    const next = Math.min(...timers, scheduled);
    return Number.isFinite(next) ? next : null;
  }

  private tick(at: number): void {
    this.now = at;
    const ask = {
      after: this.scheduledUntil,
      until: at,
      now: at,
      zones: this.zones(),
      programmeZone: PROGRAMME_ZONE,
    };
    for (const firing of scheduleFirings(this.definition, ask)) this.start(firing.key, null, {}, firing.zone);
    this.scheduledUntil = at;
    for (const run of this.all()) {
      if (run.status === 'waiting' && (run.dueAt ?? Infinity) <= at)
        this.give(run.id, { type: 'timerFired', stepId: run.cursor ?? '', dueAt: run.dueAt ?? 0 });
    }
  }

  // A copy, because handling one run adds others.
  private all(): Run[] {
    return Array.from(this.runs.values());
  }

  private zones(): string[] {
    return [...new Set(this.people.map((p) => p.calendar.zone))];
  }

  private start(
    key: string | null,
    personId: string | null,
    event: Record<string, unknown>,
    zone?: string,
  ): void {
    const { audience, id, on } = this.definition;
    const alive = this.all().some((r) => r.parentId === null && key !== null && r.key === key && !isEnded(r));
    if (alive) return;
    const local = on.some((t) => (t.config as { zone?: string }).zone === 'recipient');
    const members =
      audience === null
        ? null
        : this.members(audience, event).filter((p) => !local || p.calendar.zone === zone);
    for (const who of members ? members.map((p) => p.id) : [personId]) {
      const own = members && who !== null ? audienceKey(key, who) : key;
      this.add(
        newRun({ id: `r${++this.count}`, workflowId: id, version: 1, key: own, personId: who, event }),
      );
    }
  }

  private members(
    audience: string,
    event: Record<string, unknown> | null,
    names: Record<string, unknown> = {},
  ): PersonFacts[] {
    return this.people.filter((p) => {
      const answer = inAudience(this.definition, audience, { person: p, event, facts: this.facts, names });
      if (!answer.ok) throw new Error(answer.error);
      return answer.value === true;
    });
  }

  private add(run: Run): void {
    if (this.runs.has(run.id)) return;
    this.runs.set(run.id, run);
    this.give(run.id, { type: 'started' });
  }

  give(runId: string, input: Input): void {
    const run = this.runs.get(runId);
    if (!run) throw new Error(`no run ${runId}`);
    const world = {
      person: this.people.find((p) => p.id === run.personId) ?? null,
      programme: { zone: PROGRAMME_ZONE },
      facts: this.facts,
    };
    const next = advance(this.definition, run, input, this.now, world);
    this.runs.set(runId, next.run);
    this.log.push(...next.log.map((entry) => ({ ...entry, runId })));
    for (const effect of next.effects) this.act(next.run, effect);
    if (isEnded(next.run) && !isEnded(run)) this.settle(next.run);
  }

  private act(run: Run, effect: Effect): void {
    if (effect.type === 'expand') return this.expand(run, effect);
    if (effect.type === 'setTimer' || effect.type === 'clearTimer') return;
    this.made.push({ ...effect, at: this.now });
    if (effect.type === 'throttle') return this.givePlace(run, effect);
    const attempt = effect.type === 'call' ? effect.attempt : 1;
    const single = `${effect.type} ${effect.intentKey} ${attempt}`;
    if (this.intents.has(single)) throw new Error(`twice: ${single}`);
    this.intents.add(single);
    if (effect.type === 'send') this.sends.push({ ...effect, at: this.now });
    if (effect.type === 'award') this.awards.push({ ...effect, at: this.now });
    if (effect.type === 'call')
      this.give(run.id, { type: 'effectSettled', stepId: effect.stepId, result: this.answerTo(effect) });
  }

  private givePlace(run: Run, { stepId, key, limit, perMs }: ThrottleEffect): void {
    const given = this.places.get(`${stepId} ${key}`) ?? [];
    const dueAt = Math.max(this.now, (given.at(-limit) ?? -Infinity) + perMs);
    this.places.set(`${stepId} ${key}`, [...given, dueAt]);
    this.give(run.id, { type: 'effectSettled', stepId, result: { dueAt } });
  }

  private expand(run: Run, effect: ExpandEffect): void {
    const { stepId } = effect;
    const people =
      effect.audience === undefined ? [] : this.members(effect.audience, run.event, run.branch?.names);
    const ofPeople = people.map((p) => branchRun(this.definition, run, stepId, p.id, p.id, p.id));
    const branches =
      effect.items?.map(({ key, item }) => branchRun(this.definition, run, stepId, key, item, null)) ??
      ofPeople;
    for (const branch of branches) this.add(branch);
    if (branches.length === 0) this.give(run.id, { type: 'effectSettled', stepId });
  }

  private settle(branch: Run): void {
    const { parentId, branch: at } = branch;
    if (parentId === null || !at) return;
    const parent = this.runs.get(parentId);
    const siblings = this.all().filter((r) => r.parentId === parentId && r.branch?.stepId === at.stepId);
    const made = this.lastExpansion(parentId, at.stepId);
    if (parent && siblings.length === made && siblings.every(isEnded))
      this.give(parentId, { type: 'effectSettled', stepId: at.stepId });
  }

  private lastExpansion(runId: string, stepId: string): number {
    const parent = this.runs.get(runId);
    const entry = this.log.find((l) => l.runId === runId && l.stepId === stepId && l.outcome === 'expanding');
    return typeof entry?.output === 'number'
      ? entry.output
      : this.members(String(entry?.input), parent?.event ?? null, parent?.branch?.names).length;
  }
}
