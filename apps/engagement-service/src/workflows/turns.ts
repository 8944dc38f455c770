import type { Advanced, Input, Run, WorkflowEvent } from '#libs/workflow';
import type { StoredRun } from './runs.query.js';
import type { Version } from './versions.query.js';

/** An event with its id, which makes the ids of the runs it starts. */
export interface Incoming extends WorkflowEvent {
  id: string;
  /** Of a start by hand with values of its own: the version that has them. */
  version?: Version;
}

/** An event and the places where waiting runs of one version may listen for it, as earOf writes them. */
export interface Heard {
  event: Incoming;
  ears: ReadonlySet<string>;
}

/** Several events in order: a run takes each only if it waits for it by then. */
export interface HeardInput {
  type: 'heard';
  events: readonly Heard[];
}

/** A run and what happens to it. */
export interface Turn extends StoredRun {
  input: Input | HeardInput;
  /** From when on a run that begins to wait listens (epoch ms): from what brought it there, unless told. */
  from?: number;
}

/** A run after its turn. */
export interface Moved extends StoredRun, Pick<Advanced, 'effects' | 'log'> {
  before: Run;
  from: number;
  /** The ids of the events it has taken of those it was given as `heard`. */
  heard: readonly string[];
}

/** A place where runs listen, as one text. */
export const earOf = ({ event, on }: { event: string; on: string }): string => `${event} ${on}`;
