import type { EntityManager } from 'typeorm';
import type { Effect } from '#libs/workflow';
import type { StoredRun } from '../runs.query.js';
import type { Turn } from '../turns.js';

/** An effect with the run that wants it, when that run was triggered, and since when its present turn counts. */
export interface Wanted<E extends Effect = Effect> extends StoredRun {
  effect: E;
  from?: number;
}

/** The effect of a type. */
export type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** An effect that could not be carried out; the timeline says why. */
export interface Refusal {
  wanted: Wanted;
  reason: string;
}

/** What came of a batch of effects: runs that have their answer at once, and what could not be done. */
export interface Aftermath {
  turns?: Turn[];
  refusals?: Refusal[];
}

/** Carries out one type of effect, a batch at a time, in the transaction that stores the states of the runs. */
export interface Carrier<T extends Effect['type'] = Effect['type']> {
  readonly type: T;
  /** Whether an effect may come again with the same intent key, such as a call that is tried again. */
  readonly comesAgain?: true;
  /** For an effect with an intent key: what is intended, in a word for people. Each key comes once in all time. */
  whatOf?(effect: EffectOf<T>): string;
  carryOut(manager: EntityManager, wanted: readonly Wanted<EffectOf<T>>[]): Promise<Aftermath | void>;
}

/** All carriers, for those who hand out effects. */
export const CARRIERS = Symbol('carriers');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text can be the id of a person, an entry or a claim. */
export const isId = (text: string | null | undefined): text is string =>
  typeof text === 'string' && UUID.test(text);
