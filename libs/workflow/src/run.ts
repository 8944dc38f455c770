import type { Definition } from './definition.js';

/** Where a run stands; done, stopped, cancelled and failed are ends. A queued run waits for another of its key to end. */
export type RunStatus =
  'new' | 'queued' | 'waiting' | 'expanding' | 'done' | 'stopped' | 'cancelled' | 'failed';

/**
 * The event a waiting run listens to, as a driver finds it by equality: `event` is the type (several are joined by '|'),
 * `on` is `key:<run key>`, `person:<id>`, `any` or `ask:<ask id>`.
 */
export interface Awaits {
  event: string;
  on: string;
}

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
  /** The instant its timer is set to; a run that waits for an event or an answer alone has none. */
  dueAt: number | null;
  /** Absent, like `since` and `attempts`, in runs stored before there were such waits. */
  awaits?: Awaits | null;
  /** When it began to wait in that part. */
  since?: number | null;
  /** How often the part of the step it stands at has failed. */
  attempts?: number;
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
  const startedAt = triggeredAt ?? null;
  const own = { rootId: id, parentId: null, branch: null, vars: {} };
  return fresh({ id, workflowId, version, key, personId, event, startedAt, ...own });
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
  const whose = personId ?? personOf(item) ?? parent.personId;
  const branch = { stepId, itemKey, path, names };
  const own = { parentId: parent.id, personId: whose, branch, startedAt: null };
  return fresh({ id, workflowId, version, key, event, rootId, vars, ...own });
}

/** A thing with a personId, such as a place on a board, is about that person: so is its branch. */
function personOf(item: unknown): string | null {
  const { personId } = (item ?? {}) as { personId?: unknown };
  return typeof personId === 'string' ? personId : null;
}

/** Whether a run has ended, so that nothing can come of it any more. */
export function isEnded(run: Run): boolean {
  return (
    run.status === 'done' || run.status === 'stopped' || run.status === 'cancelled' || run.status === 'failed'
  );
}

/** Whether a run waits to try again what has failed: what waits of itself has failed no more, so its attempts are none. */
export function isRetrying(run: Run): boolean {
  return run.status === 'waiting' && run.dueAt !== null && (run.attempts ?? 0) > 0;
}

type Born = Pick<
  Run,
  | 'id'
  | 'workflowId'
  | 'version'
  | 'rootId'
  | 'parentId'
  | 'key'
  | 'personId'
  | 'branch'
  | 'startedAt'
  | 'vars'
  | 'event'
>;

/** Written out field by field: to spread a template and add to it costs V8 some twenty times as much, for every run there is. */
function fresh(born: Born): Run {
  return {
    id: born.id,
    workflowId: born.workflowId,
    version: born.version,
    rootId: born.rootId,
    parentId: born.parentId,
    key: born.key,
    status: 'new',
    personId: born.personId,
    branch: born.branch,
    startedAt: born.startedAt,
    cursor: null,
    cursorSince: null,
    verb: null,
    dueAt: null,
    awaits: null,
    since: null,
    attempts: 0,
    vars: born.vars,
    event: born.event,
    reason: null,
  };
}
