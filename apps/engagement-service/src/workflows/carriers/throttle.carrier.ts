import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { ThrottleEffect } from '#libs/workflow';
import type { Turn } from '../turns.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

interface Row {
  workflowId: string;
  stepId: string;
  key: string;
  /** The latest places (epoch ms), oldest first. */
  places: number[];
  /** When the latest of them holds nobody back any more (epoch ms). */
  freeAt?: number;
}

/** Where a limit counts. */
type Place = Pick<Row, 'workflowId' | 'stepId' | 'key'>;

/** Gives places under limits, in the order they are asked for; the runs have their answer at once. */
@Injectable()
export class ThrottleCarrier implements Carrier<'throttle'> {
  readonly type = 'throttle';

  constructor(private readonly clock: Clock) {}

  async carryOut(manager: EntityManager, wanted: readonly Wanted<ThrottleEffect>[]): Promise<Aftermath> {
    const rows = await lockPlaces(manager, wanted.map(placeOf));
    const byName = new Map(rows.map((row) => [nameOf(row), row]));
    const now = this.clock.now().getTime();
    const turns = wanted.map((item): Turn => {
      const { run, triggeredAt, eventOf = null, from, effect } = item;
      const row = byName.get(nameOf(placeOf(item)))!;
      const dueAt = nextPlace(row.places, effect, now);
      row.places = [...row.places, dueAt].slice(-effect.limit);
      row.freeAt = dueAt + effect.perMs;
      const input = { type: 'effectSettled', stepId: effect.stepId, result: { dueAt } } as const;
      return { run, triggeredAt, eventOf, ...(from === undefined ? {} : { from }), input };
    });
    await storePlaces(manager, rows);
    return { turns };
  }
}

/** In any stretch of `perMs` there are no more than `limit` places. */
function nextPlace(places: readonly number[], { limit, perMs }: ThrottleEffect, now: number): number {
  const before = places.at(-limit);
  return Math.max(now, places.at(-1) ?? now, before === undefined ? now : before + perMs);
}

const placeOf = ({ run, effect }: Wanted<ThrottleEffect>): Place => ({
  workflowId: run.workflowId,
  stepId: effect.stepId,
  key: effect.key,
});
const nameOf = ({ workflowId, stepId, key }: Place): string => JSON.stringify([workflowId, stepId, key]);

async function lockPlaces(manager: EntityManager, places: readonly Place[]): Promise<Row[]> {
  const single = [...new Map(places.map((place) => [nameOf(place), place])).values()];
  // Writing what stands there already locks it: it cannot be cleared away between a look and the next.
  return manager.query(
    `INSERT INTO throttles (workflow_id, step_id, key, places)
     SELECT workflow_id, step_id, key, '[]' FROM unnest($1::text[], $2::text[], $3::text[]) AS t(workflow_id, step_id, key)
     ORDER BY 1, 2, 3 ON CONFLICT (workflow_id, step_id, key) DO UPDATE SET places = throttles.places
     RETURNING workflow_id AS "workflowId", step_id AS "stepId", key, places`,
    [
      single.map(({ workflowId }) => workflowId),
      single.map(({ stepId }) => stepId),
      single.map(({ key }) => key),
    ],
  );
}

async function storePlaces(manager: EntityManager, rows: readonly Row[]): Promise<void> {
  await manager.query(
    `UPDATE throttles t SET places = r.places, last_at = to_timestamp((r.places->>-1)::float8 / 1000),
       free_at = to_timestamp("freeAt" / 1000)
     FROM jsonb_to_recordset($1::jsonb)
       AS r("workflowId" text, "stepId" text, key text, places jsonb, "freeAt" float8)
     WHERE t.workflow_id = r."workflowId" AND t.step_id = r."stepId" AND t.key = r.key`,
    [JSON.stringify(rows)],
  );
}
