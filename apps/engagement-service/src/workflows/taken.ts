import type { EntityManager } from 'typeorm';
import type { Definition } from '#libs/workflow';
import { hasEars } from './hearing.js';
import type { Overheard } from './hearing.query.js';
import { lockAlive } from './queue.query.js';
import type { RunKey } from './queue.query.js';
import type { Started } from './starts.service.js';
import { heardByKeys, nameOfTaken, takenByKeys } from './taken.query.js';
import type { Taken } from './taken.query.js';
import type { Moved } from './turns.js';

/**
 * Leaves out starts by what a run of the same key has just taken, though it may have ended with it: it was alive when that came, and
 * a second run would tell it twice.
 */
export async function untaken(
  manager: EntityManager,
  starts: readonly Started[],
): Promise<readonly Started[]> {
  const doubtful = starts.filter(({ version, key }) => key !== null && mayBeTaken(version.definition));
  if (doubtful.length === 0) return starts;
  const eventIds = doubtful.map(({ incoming }) => incoming.id);
  const taken = await heardByKeys(manager, eventIds);
  const out = new Set(doubtful.filter((start) => taken.has(nameOfTaken(takenOf(start)))));
  return starts.filter((start) => !out.has(start));
}

/** Of those that were kept out the ones that nobody has taken, and whose key is free again. */
export async function leftOver(
  manager: EntityManager,
  refused: readonly Started[],
): Promise<readonly Started[]> {
  const doubtful = refused.filter(({ version }) => mayBeTaken(version.definition));
  if (doubtful.length === 0) return [];
  const alive = await lockAlive(manager, doubtful.map(keyOf));
  const held = new Set(alive.map(textOf));
  const free = doubtful.filter((start) => !held.has(textOf(keyOf(start))));
  // What is told twice has had its run already.
  const taken = free.length > 0 ? await takenByKeys(manager, free.map(takenOf)) : new Set();
  return free.filter((start) => !taken.has(nameOfTaken(takenOf(start))));
}

const keyOf = ({ version: { workflowId }, key }: Started): RunKey => ({ workflowId, key: key! });
const textOf = ({ workflowId, key }: RunKey): string => JSON.stringify([workflowId, key]);

const mayBeTaken = (definition: Definition): boolean =>
  definition.audience === null && (definition.again ?? 'ignore') === 'ignore' && hasEars(definition);

const takenOf = ({ version: { workflowId }, key, incoming }: Started): Taken => ({
  workflowId,
  key: key!,
  eventId: incoming.id,
});

/** Leaves out what an earlier run of the same key has gathered: the next does not gather it again, even if it was triggered before. */
export async function withoutGathered(
  manager: EntityManager,
  moved: readonly Moved[],
  found: readonly Overheard[],
): Promise<readonly Overheard[]> {
  const gatherers = new Map(moved.filter(gathersByKey).map(({ run }) => [run.id, run]));
  const askedOf = ({ runId, event }: Overheard) => {
    const run = gatherers.get(runId);
    return run ? { workflowId: run.workflowId, key: run.key!, eventId: event.id } : null;
  };
  const asked = found.flatMap((item) => askedOf(item) ?? []);
  if (asked.length === 0) return found;
  const taken = await takenByKeys(manager, asked);
  return found.filter((item) => {
    const own = askedOf(item);
    return own === null || !taken.has(nameOfTaken(own));
  });
}

const gathersByKey = ({ run }: Moved): boolean =>
  run.verb === 'collect' && run.parentId === null && run.key !== null;
