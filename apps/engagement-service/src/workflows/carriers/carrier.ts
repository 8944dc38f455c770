import type { EntityManager } from 'typeorm';
import type { Effect } from '#libs/workflow';
import type { StoredRun } from '../runs.query.js';

/** An effect with the run that wants it and when that run was triggered. */
export interface Wanted<E extends Effect = Effect> extends StoredRun {
  effect: E;
}

/** The effect of a type. */
export type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Carries out one type of effect, a batch at a time, in the transaction that stores the states of the runs. */
export interface Carrier<T extends Effect['type'] = Effect['type']> {
  readonly type: T;
  /** For an effect with an intent key: what is intended, in a word for people. Each key comes once in all time. */
  whatOf?(effect: EffectOf<T>): string;
  carryOut(manager: EntityManager, wanted: readonly Wanted<EffectOf<T>>[]): Promise<void>;
}
