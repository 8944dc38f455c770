import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, notFound } from '#libs/platform';
import { conditionOf } from '../steering/run-filter.js';
import type { RunFilter } from '../steering/run-filter.js';
import { DefinitionsService } from './definitions.service.js';

const COLUMNS = `runs.id, workflow_id AS "workflowId", version, key, person_id AS "personId", status, step, verb, due_at AS "dueAt",
  paused AND ended_at IS NULL AS paused, attempts, reason, triggered_at AS "triggeredAt", started_at AS "startedAt",
  step_since AS "stepSince", ended_at AS "endedAt", parent_id AS "parentId",
  CASE WHEN await_event IS NOT NULL THEN jsonb_build_object('event', await_event, 'on', await_on) END AS awaits`;
const COUNTED = 10_000;

/** A page of runs: how many there are in all, and the last one when there are more. */
export interface RunPage {
  runs: { id: string }[];
  total: string;
  last: string | null;
}

interface Found {
  workflowId: string;
  version: number;
  rootId: string;
}

/** What HR and admins see of runs. Of people their ids only. */
@Injectable()
export class RunsService {
  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly clock: Clock,
  ) {}

  /** Newest first, from behind the run with the id `after`. */
  async search(ask: { filter: RunFilter; after: string | null; limit: number }): Promise<RunPage> {
    const { sql, parameters } = conditionOf(ask.filter, this.clock.now());
    const place = `$${parameters.length + 1}`;
    const [runs, [counted]]: [{ id: string }[], { total: number }[]] = await Promise.all([
      this.database.query(
        `SELECT ${COLUMNS} FROM runs WHERE ${sql}
           AND (${place}::text IS NULL OR (triggered_at, id) < (SELECT triggered_at, id FROM runs WHERE id = ${place}))
         ORDER BY triggered_at DESC, id DESC LIMIT ${ask.limit + 1}`,
        [...parameters, ask.after],
      ),
      this.database.query(
        `SELECT count(*) AS total FROM (SELECT FROM runs WHERE ${sql} LIMIT ${COUNTED + 1}) found`,
        parameters,
      ),
    ]);
    const { total } = counted!;
    const page = runs.slice(0, ask.limit);
    const last = runs.length > ask.limit ? page.at(-1)!.id : null;
    return { runs: page, total: total > COUNTED ? `${COUNTED}+` : String(total), last };
  }

  async get(id: string): Promise<object> {
    const [run]: Found[] = await this.database.query(
      `SELECT ${COLUMNS}, root_id AS "rootId", branch, vars, COALESCE(runs.event, shared.event) AS event
       FROM runs LEFT JOIN run_events shared ON shared.id = event_of WHERE runs.id = $1`,
      [id],
    );
    if (!run) throw notFound('run', id);
    const [timeline, intents, fanOuts] = await Promise.all([
      this.timeline(run.rootId),
      this.intents(run.rootId),
      this.fanOuts(id),
    ]);
    return { ...run, ...(await this.workflowOf(run)), timeline, intents, fanOuts };
  }

  /** The workflow's name, and the steps of the run's version with the words each is made of. */
  private async workflowOf({ workflowId, version }: Found): Promise<object> {
    const { definition } = await this.definitions.at(this.database.manager, workflowId, version);
    const steps = definition.order.map((id) => ({
      id,
      words: definition.steps[id]?.verbs.map(({ kind }) => kind) ?? [],
    }));
    return { workflow: definition.name, steps };
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
