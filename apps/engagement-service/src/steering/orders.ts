import { z } from 'zod';
import { ALIVE, runFilter } from './run-filter.js';

/** What can be done to a run by hand. */
export const ACTIONS = ['pause', 'resume', 'cancel', 'retry', 'skip', 'move'] as const;
export type Action = (typeof ACTIONS)[number];

const reason = z.string().trim().min(1).max(500);
const target = {
  /** The version to go on in; its own unless told. */
  version: z.int().positive().optional(),
  /** The step to begin anew; where it stands unless told. */
  step: z.string().optional(),
};

/** What is asked of one run. */
export const orderSchema = z.strictObject({ reason });
export const moveSchema = z.strictObject({ reason, ...target });

const bulk = {
  filter: runFilter.refine((filter) => Object.keys(filter).length > 0, 'name at least one thing to go by'),
  reason,
  /** Only counts, unless this is false. */
  dryRun: z.boolean().default(true),
  /** How many the dry run has counted. */
  expect: z.int().min(0).optional(),
};
/** What is asked of all runs of a filter. */
export const bulkSchema = z.strictObject(bulk);
export const bulkMoveSchema = z.strictObject({ ...bulk, ...target });

/** Something to be done to runs, for whoever carries it out. */
export interface Order {
  action: Action;
  reason: string;
  version?: number | undefined;
  step?: string | undefined;
}

/** A failed run may only live again while no other holds its key. */
const REVIVABLE = `(status <> 'failed' OR key IS NULL OR parent_id IS NOT NULL OR NOT EXISTS (
  SELECT FROM runs other WHERE other.workflow_id = runs.workflow_id AND other.key = runs.key AND other.parent_id IS NULL
    AND other.key IS NOT NULL AND other.status IN ('new', 'waiting', 'expanding')))`;

/** Which runs an action can do anything to, in SQL. */
export const FITTING: Record<Action, string> = {
  pause: `${ALIVE} AND NOT paused`,
  resume: `${ALIVE} AND paused`,
  cancel: ALIVE,
  retry: `(status = 'failed' OR (status = 'waiting' AND attempts > 0 AND due_at IS NOT NULL)) AND ${REVIVABLE}`,
  skip: `status IN ('waiting', 'failed') AND ${REVIVABLE}`,
  move: `status IN ('waiting', 'failed', 'queued', 'new') AND ${REVIVABLE}`,
};

/** The same for people, of one run that does not fit. */
export const FITS: Record<Action, string> = {
  pause: 'Only a living run that is not paused can be paused.',
  resume: 'Only a paused run can be resumed.',
  cancel: 'Only a living run can be cancelled.',
  retry:
    'Only a run that has failed, or waits to try again, can be retried, and only while no other run holds its key.',
  skip: 'Only a step at which a run waits or has failed can be skipped, and a failed run only while no other holds its key.',
  move: 'Only a run that waits, is queued or has failed can be moved, the last only while no other run holds its key.',
};
