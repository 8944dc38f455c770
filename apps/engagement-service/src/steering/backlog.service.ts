import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, Metrics } from '#libs/platform';
import type { Sample } from '#libs/platform';

/** What waits, as gauges: looked up when somebody scrapes, at most every ten seconds. */
@Injectable()
export class Backlog {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.gauge('laurel_runs_living', 'Living runs by workflow and step.', () => this.living());
    metrics.gauge('laurel_timers_due', 'Waits that are due and have not fired.', () => this.timersDue());
    metrics.gauge('laurel_fan_outs_open', 'Fan-outs under way.', () =>
      this.count(`SELECT count(*) AS value FROM expansions WHERE state <> 'settled'`),
    );
    metrics.gauge('laurel_calls_open', 'Outgoing calls that wait for their answer.', () =>
      this.count(`SELECT count(*) AS value FROM calls WHERE state = 'open'`),
    );
    metrics.gauge('laurel_events_held', 'Events kept for what is stopped.', () =>
      this.count(`SELECT count(*) AS value FROM held_events`),
    );
    metrics.gauge('laurel_stopped', 'What is stopped: a workflow, or * for all.', () =>
      this.database.query(`SELECT jsonb_build_object('scope', scope) AS labels, 1 AS value FROM stops`),
    );
  }

  private living(): Promise<Sample[]> {
    return this.database.query(
      `SELECT jsonb_build_object('workflow', workflow_id, 'step', COALESCE(step, ''), 'status', status, 'paused', paused::text) AS labels,
         count(*) AS value
       FROM runs WHERE status IN ('new', 'waiting', 'expanding', 'queued') GROUP BY workflow_id, step, status, paused`,
    );
  }

  private timersDue(): Promise<Sample[]> {
    return this.count(
      `SELECT count(*) AS value FROM runs WHERE status = 'waiting' AND NOT paused AND due_at <= $1`,
      [this.clock.now()],
    );
  }

  private async count(sql: string, parameters: unknown[] = []): Promise<Sample[]> {
    const rows: { value: number }[] = await this.database.query(sql, parameters);
    return rows.map(({ value }) => ({ labels: {}, value }));
  }
}
