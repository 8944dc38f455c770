import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Metrics, afterCommit } from '#libs/platform';
import type { Counter, Histogram } from '#libs/platform';
import { isEnded } from '#libs/workflow';
import type { Moved } from '../workflows/turns.js';

/** Seconds: from a hundredth to a minute. */
const SOON = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Seconds: a minute, ten, an hour, six, a day, three, a week, two, a month, three. */
const LONG = [60, 600, 3_600, 21_600, 86_400, 259_200, 604_800, 1_209_600, 2_592_000, 7_776_000];

/** Counts what becomes of runs once it is stored, and measures how late and how long. All of domain time, and of this process. */
@Injectable()
export class RunMeter {
  private readonly started: Counter;
  private readonly ended: Counter;
  private readonly steps: Counter;
  private readonly latency: Histogram;
  private readonly lag: Histogram;
  private readonly stay: Histogram;

  constructor(metrics: Metrics) {
    const counter = (name: string, help: string, ...labels: string[]): Counter =>
      metrics.counter({ name, help, labels });
    this.started = counter('laurel_runs_started_total', 'Runs started.', 'workflow');
    this.ended = counter('laurel_runs_ended_total', 'Runs ended, by outcome.', 'workflow', 'outcome');
    this.steps = counter('laurel_steps_total', 'Steps by outcome.', 'workflow', 'step', 'outcome');
    const histogram = (name: string, help: string, buckets: number[], ...labels: string[]): Histogram =>
      metrics.histogram({ name, help, labels }, buckets);
    this.latency = histogram(
      'laurel_event_to_intent_seconds',
      'From an event to the intent it leads to.',
      SOON,
      'workflow',
    );
    this.lag = histogram(
      'laurel_timer_lag_seconds',
      'From when a wait was over to when it fired.',
      SOON,
      'workflow',
    );
    this.stay = histogram('laurel_step_seconds', 'How long runs stood at a step.', LONG, 'workflow', 'step');
  }

  /** Runs after their turns, counted once the transaction has committed. */
  moved(manager: EntityManager, moved: readonly Moved[], now: Date): void {
    afterCommit(manager, () => moved.forEach((item) => this.count(item, now.getTime())));
  }

  private count({ before, run, effects, log, from }: Moved, now: number): void {
    const { workflowId } = run;
    if (log.some(({ outcome }) => outcome === 'started')) this.started.add([workflowId]);
    if (isEnded(run) && !isEnded(before)) this.ended.add([workflowId, run.status]);
    // Lines of the run itself tell of its end, which is counted above.
    for (const { stepId, kind, outcome } of log)
      if (stepId !== null && kind !== 'run') this.steps.add([workflowId, stepId, outcome]);
    const byTimer = before.dueAt !== null && before.dueAt === from;
    if (byTimer) this.lag.observe([workflowId], (now - from) / 1000);
    else if (effects.some((effect) => 'intentKey' in effect))
      this.latency.observe([workflowId], (now - from) / 1000);
    if (
      before.cursor !== null &&
      before.cursorSince !== null &&
      (isEnded(run) || run.cursor !== before.cursor)
    )
      this.stay.observe([workflowId, before.cursor], (now - before.cursorSince) / 1000);
  }
}
