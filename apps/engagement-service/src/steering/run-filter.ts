import { z } from 'zod';
import { parseDuration, roughLength } from '#libs/calendar';

const statuses = z.enum([
  ...(['living', 'ended', 'new', 'queued', 'waiting', 'expanding'] as const),
  ...(['done', 'stopped', 'cancelled', 'failed'] as const),
]);
const duration = z
  .string()
  .refine((text) => parseDuration(text).ok, 'write for example 30m, 3h, 2d, 1w or 1mo');

const criteria = {
  workflow: z.string(),
  personId: z.uuid(),
  status: statuses,
  step: z.string(),
  /** What a run waits in: wait, wait_for, ask, call … */
  verb: z.string(),
  key: z.string(),
  /** Triggered at least so long ago. */
  olderThan: duration,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Part of the reason for which a run has failed, was stopped or cancelled. */
  error: z.string().min(1).max(200),
  /** The type of event a run waits for. */
  awaits: z.string(),
};

/** Which runs are meant, as the body of a request says it. */
export const runFilter = z
  .strictObject({
    ...criteria,
    version: z.int().positive(),
    paused: z.boolean(),
    /** Whether the branches of a for_each count as runs of their own; they do where a step is named. */
    branches: z.boolean(),
  })
  .partial();
export type RunFilter = z.infer<typeof runFilter>;

const flag = z.enum(['true', 'false']);

/** The same in a query string, with pages. */
export const runQuery = z
  .strictObject({ ...criteria, version: z.coerce.number().int().positive(), paused: flag, branches: flag })
  .partial()
  .extend({
    limit: z.coerce.number().int().min(1).max(500).default(50),
    /** The id of the last run seen, to read on. */
    after: z.string().optional(),
  });

/** A filter and its page, from a query string. */
export function readRunQuery({ limit, after, paused, branches, ...rest }: z.infer<typeof runQuery>): {
  filter: RunFilter;
  limit: number;
  after: string | null;
} {
  const flags = {
    ...(paused === undefined ? {} : { paused: paused === 'true' }),
    ...(branches === undefined ? {} : { branches: branches === 'true' }),
  };
  return { filter: { ...rest, ...flags }, limit, after: after ?? null };
}

/** A condition in SQL over the table `runs`, with its parameters. */
export interface Condition {
  sql: string;
  parameters: unknown[];
}

/** As the indexes of what lives say it, word for word. */
export const ALIVE = `status IN ('new', 'waiting', 'expanding', 'queued')`;
const ENDED = `status IN ('done', 'stopped', 'cancelled', 'failed')`;

const equal = (column: string) => (place: string) => `${column} = ${place}`;

/** How each criterion is asked; a value of its own where it is not the one given. */
const asked: { [K in keyof RunFilter]?: (place: string) => string } = {
  workflow: equal('workflow_id'),
  version: equal('version'),
  personId: equal('person_id'),
  step: equal('step'),
  verb: equal('verb'),
  key: equal('key'),
  paused: equal('paused'),
  from: (place) => `triggered_at >= ${place}`,
  to: (place) => `triggered_at <= ${place}`,
  error: (place) => `reason ILIKE '%' || ${place} || '%'`,
  awaits: (place) =>
    `await_event IS NOT NULL AND ${ALIVE} AND ${place} = ANY(string_to_array(await_event, '|'))`,
};

/** The runs that a filter means at an instant. */
export function conditionOf(filter: RunFilter, now: Date): Condition {
  const parameters: unknown[] = [];
  const parts = Object.entries(asked).flatMap(([name, say]) => {
    const value = filter[name as keyof RunFilter];
    if (value === undefined) return [];
    parameters.push(name === 'error' ? likeText(String(value)) : value);
    return [say(`$${parameters.length}`)];
  });
  if (filter.olderThan !== undefined) {
    parameters.push(new Date(now.getTime() - lengthOf(filter.olderThan)));
    parts.push(`triggered_at <= $${parameters.length}`);
  }
  if (filter.status !== undefined) parts.push(statusSql(filter.status));
  if (!(filter.branches ?? filter.step !== undefined)) parts.push('parent_id IS NULL');
  return { sql: parts.length > 0 ? parts.join(' AND ') : 'true', parameters };
}

const statusSql = (status: NonNullable<RunFilter['status']>): string =>
  status === 'living' ? ALIVE : status === 'ended' ? ENDED : `status = '${status}'`;

const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

function lengthOf(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new RangeError(parsed.error);
  return roughLength(parsed.duration);
}
