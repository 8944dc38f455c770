import { localDate } from '#libs/calendar';
import type { AwardEffect, Effect, LogEntry } from '../effects.js';
import type { Run } from '../run.js';

/** How often each part of a step came out in which way. */
export type StepCounts = Record<string, number>;

/** One thing that would have happened. */
export interface Example {
  at: string;
  step: string;
  what: string;
  personId: string | null;
}

/** A reason and how often it was given. */
export interface Reason {
  reason: string;
  count: number;
}

/** What a workflow would have done. */
export interface SimulationResult {
  /** Activities and other events played. */
  events: number;
  runs: { started: number; done: number; stopped: number; cancelled: number; failed: number; living: number };
  /** By step, how often it came out how: sent, skipped, timed_out, … */
  steps: Record<string, StepCounts>;
  /** Runs that would still be waiting at the end, by step. */
  waiting: Record<string, number>;
  mails: number;
  mailsPerDay: Record<string, number>;
  /** Different people who would have had a mail, a badge or points. */
  people: number;
  points: number;
  badges: Record<string, number>;
  examples: Example[];
  /** Why events did not start it, why people were not of the audience, and why steps were passed over; most frequent first. */
  notStarted: Reason[];
  notReached: Reason[];
  skipped: Reason[];
}

const MAX_EXAMPLES = 20;
// Reasons come from the workflow's own words; those with numbers in them would be without end.
const MAX_REASONS = 50;
const OTHER = 'other reasons';

/** Counts what a simulation does. */
export class Tally {
  private readonly reached = new Set<string>();
  private readonly reasons = { notStarted: new Map(), notReached: new Map(), skipped: new Map() } as Record<
    'notStarted' | 'notReached' | 'skipped',
    Map<string, number>
  >;
  private readonly counts = { started: 0, done: 0, stopped: 0, cancelled: 0, failed: 0 };
  private readonly steps: Record<string, StepCounts> = {};
  private readonly mailsPerDay: Record<string, number> = {};
  private readonly badges: Record<string, number> = {};
  private readonly examples: Example[] = [];
  private mails = 0;
  private points = 0;
  events = 0;

  constructor(private readonly zone: string) {}

  /** Counts a line of a timeline. */
  line(run: Run, { stepId, outcome, reason }: LogEntry): void {
    if (run.parentId === null && outcome in this.counts)
      this.counts[outcome as keyof typeof this.counts] += 1;
    if (stepId === null || outcome === 'done') return;
    const step = (this.steps[stepId] ??= {});
    step[outcome] = (step[outcome] ?? 0) + 1;
    if (outcome === 'skipped' || outcome === 'failed') this.because('skipped', `${stepId}: ${reason}`);
  }

  /** Counts something that would have happened at an instant. */
  effect(effect: Effect, at: number): void {
    if (effect.type === 'send' || effect.type === 'ask')
      this.mail(effect.stepId, effect.template, effect.to, at);
    if (effect.type !== 'award') return;
    this.points += effect.points ?? 0;
    if (effect.badge !== undefined) this.badges[effect.badge] = (this.badges[effect.badge] ?? 0) + 1;
    this.example(effect.stepId, giftOf(effect), effect.to, at);
  }

  because(list: 'notStarted' | 'notReached' | 'skipped', reason: string): void {
    const reasons = this.reasons[list];
    const counted = reasons.has(reason) || reasons.size < MAX_REASONS ? reason : OTHER;
    reasons.set(counted, (reasons.get(counted) ?? 0) + 1);
  }

  /** What it came to; `living` are the runs that are still alive. */
  result(living: Iterable<Run>): SimulationResult {
    const waiting: Record<string, number> = {};
    let alive = 0;
    for (const { cursor, parentId } of living) {
      if (parentId === null) alive += 1;
      if (cursor !== null) waiting[cursor] = (waiting[cursor] ?? 0) + 1;
    }
    return {
      events: this.events,
      runs: { ...this.counts, living: alive },
      steps: this.steps,
      waiting,
      mails: this.mails,
      mailsPerDay: this.mailsPerDay,
      people: this.reached.size,
      points: this.points,
      badges: this.badges,
      examples: this.examples,
      notStarted: inOrder(this.reasons.notStarted),
      notReached: inOrder(this.reasons.notReached),
      skipped: inOrder(this.reasons.skipped),
    };
  }

  private mail(step: string, template: string, to: string, at: number): void {
    const day = localDate(at, this.zone);
    this.mails += 1;
    this.mailsPerDay[day] = (this.mailsPerDay[day] ?? 0) + 1;
    this.example(step, template, to, at);
  }

  private example(step: string, what: string, personId: string, at: number): void {
    this.reached.add(personId);
    if (this.examples.length < MAX_EXAMPLES)
      this.examples.push({ at: new Date(at).toISOString(), step, what, personId });
  }
}

const inOrder = (reasons: ReadonlyMap<string, number>): Reason[] =>
  [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);

function giftOf({ badge, points, claim }: AwardEffect): string {
  if (badge !== undefined) return badge;
  if (points !== undefined) return `${points} points`;
  return claim === undefined ? 'held points' : 'a reward';
}
