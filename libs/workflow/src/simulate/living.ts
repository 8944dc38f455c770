import { isEnded } from '../run.js';
import type { Run } from '../run.js';
import { Timers } from './timers.js';

interface Fan {
  stepId: string;
  left: number;
  /** While its people are still being gathered it cannot be over. */
  open: boolean;
}

/** The runs of a simulation that are alive, found by what wakes them; those that end are forgotten at once. */
export class Living {
  private readonly runs = new Map<string, Run>();
  private readonly roots = new Map<string, string>();
  private readonly awaiting = new Map<string, Set<string>>();
  private readonly people = new Map<string, Set<string>>();
  private readonly fans = new Map<string, Fan>();
  private readonly branches = new Map<string, Set<string>>();
  readonly timers = new Timers();

  get size(): number {
    return this.runs.size;
  }

  all(): Iterable<Run> {
    return this.runs.values();
  }

  get(id: string): Run | undefined {
    return this.runs.get(id);
  }

  /** The root run with a key. */
  withKey(key: string): Run | undefined {
    return this.runs.get(this.roots.get(key) ?? '');
  }

  /** The runs that wait for these, by what awaitsKeys says. */
  awaitingOn(places: readonly { event: string; on: string }[]): Run[] {
    return places.flatMap(({ event, on }) => this.in(this.awaiting.get(`${event} ${on}`)));
  }

  ofPerson(personId: string): Run[] {
    return this.in(this.people.get(personId));
  }

  branchesOf(runId: string): Run[] {
    return this.in(this.branches.get(runId));
  }

  /** Takes a run in, or its next state; one that has ended goes. */
  keep(run: Run): void {
    const before = this.runs.get(run.id);
    if (before) this.unlist(before);
    if (isEnded(run)) {
      this.runs.delete(run.id);
      return;
    }
    this.runs.set(run.id, run);
    this.list(run);
    if (run.dueAt !== null && run.dueAt !== before?.dueAt)
      this.timers.add({ dueAt: run.dueAt, runId: run.id });
  }

  openFan(runId: string, stepId: string): void {
    this.fans.set(runId, { stepId, left: 0, open: true });
  }

  /** Counts a branch that has begun. */
  addBranch(runId: string): void {
    this.fans.get(runId)!.left += 1;
  }

  /** Counts a branch that has ended, or (closing) that no more will begin; tells the step whose branches are all over. */
  endBranch(runId: string, how: { closing: boolean }): string | null {
    const fan = this.fans.get(runId);
    if (!fan) return null;
    if (how.closing) fan.open = false;
    else fan.left -= 1;
    if (fan.open || fan.left > 0) return null;
    this.fans.delete(runId);
    return fan.stepId;
  }

  private list(run: Run): void {
    if (run.parentId === null && run.key !== null) this.roots.set(run.key, run.id);
    if (run.awaits) put(this.awaiting, `${run.awaits.event} ${run.awaits.on}`, run.id);
    if (run.personId !== null) put(this.people, run.personId, run.id);
    if (run.parentId !== null) put(this.branches, run.parentId, run.id);
  }

  private unlist(run: Run): void {
    if (run.parentId === null && run.key !== null && this.roots.get(run.key) === run.id)
      this.roots.delete(run.key);
    if (run.awaits) drop(this.awaiting, `${run.awaits.event} ${run.awaits.on}`, run.id);
    if (run.personId !== null) drop(this.people, run.personId, run.id);
    if (run.parentId !== null) drop(this.branches, run.parentId, run.id);
  }

  private in(ids: ReadonlySet<string> | undefined): Run[] {
    return [...(ids ?? [])].flatMap((id) => this.runs.get(id) ?? []);
  }
}

function put(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function drop(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}
