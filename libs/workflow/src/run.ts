import type { Definition } from './definition.js';

/** Where a run stands; done, stopped, cancelled and failed are ends. */
export type RunStatus = 'new' | 'waiting' | 'expanding' | 'done' | 'stopped' | 'cancelled' | 'failed';

/** Which item of which for_each a branch run is for. */
export interface Branch {
  /** The for_each step whose body this run walks. */
  stepId: string;
  itemKey: string;
  /** The item keys from the root down, joined by '/', unique among the branches of one step of a root. */
  path: string;
  /** The values of the `as` names in sight, inner and outer. */
  names: Record<string, unknown>;
}

/** The state of one run: plain JSON, all instants epoch ms. */
export interface Run {
  id: string;
  workflowId: string;
  version: number;
  /** The id of the run that was triggered; of a root run its own id. */
  rootId: string;
  parentId: string | null;
  key: string | null;
  status: RunStatus;
  personId: string | null;
  branch: Branch | null;
  startedAt: number | null;
  /** The id of the step it stands at. */
  cursor: string | null;
  /** When it came to that step. */
  cursorSince: number | null;
  /** The part of the step it waits in, such as wait or for_each. */
  verb: string | null;
  dueAt: number | null;
  vars: Record<string, unknown>;
  /** What started it; a branch shares its root's, which a driver stores once. */
  event: Record<string, unknown> | null;
  /** Why it ended otherwise than by reaching its end. */
  reason: string | null;
}

/** What a driver knows when it makes a run. */
export interface NewRun {
  id: string;
  workflowId: string;
  version: number;
  key: string | null;
  personId: string | null;
  event: Record<string, unknown> | null;
  /** When the trigger happened, which `since: start` counts from; the moment it is handled unless told. */
  triggeredAt?: number;
}

/** A root run that has not started. */
export function newRun(from: NewRun): Run {
  const { id, workflowId, version, key, personId, event, triggeredAt } = from;
  return {
    ...FRESH,
    startedAt: triggeredAt ?? null,
    id,
    workflowId,
    version,
    rootId: id,
    parentId: null,
    key,
    personId,
    branch: null,
    event,
  };
}

/** The run of one item of a for_each: its id is the same whenever it is made again, so a repeated expansion adds nothing. */
export function branchRun(
  definition: Definition,
  parent: Run,
  stepId: string,
  itemKey: string,
  item: unknown,
  personId: string | null,
): Run {
  const path = parent.branch
    ? `${parent.branch.path}/${encodeURIComponent(itemKey)}`
    : encodeURIComponent(itemKey);
  const as = definition.steps[stepId]?.as ?? null;
  const names = { ...parent.branch?.names, ...(as === null ? {} : { [as]: item }) };
  const id = `${parent.id}/${stepId}/${encodeURIComponent(itemKey)}`;
  const { workflowId, version, key, event, rootId, vars } = parent;
  const whose = personId ?? parent.personId;
  return {
    ...FRESH,
    id,
    workflowId,
    version,
    key,
    event,
    rootId,
    vars,
    parentId: parent.id,
    personId: whose,
    branch: { stepId, itemKey, path, names },
  };
}

/** Whether a run has ended, so that nothing can come of it any more. */
export function isEnded(run: Run): boolean {
  return (
    run.status === 'done' || run.status === 'stopped' || run.status === 'cancelled' || run.status === 'failed'
  );
}

const FRESH = {
  status: 'new',
  startedAt: null,
  cursor: null,
  cursorSince: null,
  verb: null,
  dueAt: null,
  vars: {},
  reason: null,
} as const;
