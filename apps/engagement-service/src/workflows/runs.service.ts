import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notFound } from '#libs/platform';
import { DriverService } from './driver.service.js';
import { lockRuns } from './runs.query.js';

const COLUMNS = `runs.id, workflow_id AS "workflowId", version, key, person_id AS "personId", status, step, due_at AS "dueAt", reason,
  triggered_at AS "triggeredAt", started_at AS "startedAt", ended_at AS "endedAt"`;

export interface RunFilter {
  workflow?: string | undefined;
  personId?: string | undefined;
  status?: string | undefined;
  /** The id of the last run seen. */
  after?: string | undefined;
  limit: number;
}

/** What an admin sees of runs. */
@Injectable()
export class RunsService {
  constructor(
    private readonly database: DataSource,
    private readonly driver: DriverService,
  ) {}

  list({ workflow, personId, status, after, limit }: RunFilter): Promise<object[]> {
    return this.database.query(
      `SELECT ${COLUMNS} FROM runs WHERE parent_id IS NULL AND ($1::text IS NULL OR workflow_id = $1)
         AND ($2::uuid IS NULL OR person_id = $2) AND ($3::text IS NULL OR status = $3) AND (
           $4::text IS NULL OR (triggered_at, id) < (SELECT triggered_at, id FROM runs WHERE id = $4)
         )
       ORDER BY triggered_at DESC, id DESC LIMIT $5`,
      [workflow ?? null, personId ?? null, status ?? null, after ?? null, limit],
    );
  }

  async get(id: string): Promise<object> {
    const [run]: { rootId: string }[] = await this.database.query(
      `SELECT ${COLUMNS}, root_id AS "rootId", COALESCE(runs.event, shared.event) AS event
       FROM runs LEFT JOIN run_events shared ON shared.id = event_of WHERE runs.id = $1`,
      [id],
    );
    if (!run) throw notFound('run', id);
    const [timeline, intents, fanOuts] = await Promise.all([
      this.timeline(run.rootId),
      this.intents(run.rootId),
      this.fanOuts(id),
    ]);
    return { ...run, timeline, intents, fanOuts };
  }

  async cancel(id: string, reason: string): Promise<object> {
    await this.database.transaction(async (manager) => {
      const [stored] = await lockRuns(manager, [id]);
      if (!stored) throw notFound('run', id);
      await this.driver.move(manager, [{ ...stored, input: { type: 'cancelled', reason } }]);
    });
    return this.get(id);
  }

  private timeline(rootId: string): Promise<object[]> {
    return this.database.query(
      `SELECT run_id AS "runId", at, step_id AS step, kind, outcome, reason, input, output FROM run_log
       WHERE root_id = $1 ORDER BY seq, line LIMIT 1000`,
      [rootId],
    );
  }

  /** What the run and its branches have sent and awarded: the range of keys that begin with the root. */
  private intents(rootId: string): Promise<object[]> {
    return this.database.query(
      `SELECT step_id AS step, kind, what, person_id AS "personId", at FROM intents
       WHERE intent_key >= $1::text || ':' AND intent_key < $1::text || ';' ORDER BY at, intent_key LIMIT 1000`,
      [rootId],
    );
  }

  private fanOuts(id: string): Promise<object[]> {
    return this.database.query(
      `SELECT step_id AS step, state, seen, matched, audience FROM expansions WHERE run_id = $1 ORDER BY created_at`,
      [id],
    );
  }
}
