import { z } from 'zod';

const way = z.enum(['keep', 'move', 'stop']);

/** What becomes of runs that wait: they go on by their own version, by the new one, or end. */
export type Way = z.infer<typeof way>;

/** One way for all that wait, or one by step; steps that are not named keep. */
export const waitingSchema = z.union([way, z.record(z.string().max(200), way)]).default('keep');
export type Waiting = z.infer<typeof waitingSchema>;

/** One way for the waiting runs of every workflow. */
export const waySchema = way.default('keep');

/** How many people may be written to at once because runs are moved. */
export const capSchema = z.int().min(0).max(10_000_000).default(0);

/** Runs that wait in line for another of their key stand at no step yet. */
export const QUEUED = 'queued';

/** The way of the runs at a step. */
export const wayOf = (waiting: Waiting, step: string | null): Way =>
  typeof waiting === 'string' ? waiting : (waiting[step ?? QUEUED] ?? 'keep');

/** Whether nothing at all happens to runs that wait. */
export const keepsAll = (waiting: Waiting): boolean =>
  typeof waiting === 'string' ? waiting === 'keep' : Object.values(waiting).every((each) => each === 'keep');
