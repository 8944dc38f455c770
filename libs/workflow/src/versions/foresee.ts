import { advance } from '../advance.js';
import type { Input } from '../advance.js';
import type { Definition } from '../definition.js';
import type { Effect } from '../effects.js';
import type { Run } from '../run.js';
import type { World } from '../world.js';

/** What would come of a run at once if it were moved to a version now. */
export interface Foreseen {
  /** False: the version does not have where the run stands, so it would stay with its own. */
  moves: boolean;
  /** To whom a mail would go at once, once for each mail. */
  mailed: string[];
  /** How many branches of a list would begin at once; to whom they write is not known here. */
  branches: number;
  /** How many audiences would be written to or looked through at once; how many people they hold is not known here. */
  audiences: number;
  /** When it would be woken next; null when nothing would wake it. */
  dueAt: number | null;
}

/** A mail that leaves within this time leaves at once, as far as people notice. */
const AT_ONCE_MS = 60_000;
// A run that is due at every step of a long way ends somewhere; this is far beyond what anybody writes.
const MOST_TURNS = 50;

/** Moves a run in memory, by the very `advance` that would do it, and follows it through everything due within a minute. */
export function foresee(
  definition: Definition,
  run: Run,
  version: number,
  now: number,
  world: World,
): Foreseen {
  const foreseen: Foreseen = { moves: false, mailed: [], branches: 0, audiences: 0, dueAt: null };
  let next: Input | null = { type: 'moved', version, reason: 'foreseen' };
  let at = run;
  for (let turn = 0; next !== null && turn < MOST_TURNS; turn++) {
    const before = at;
    const result = advance(definition, at, next, Math.max(now, at.dueAt ?? now), world);
    at = result.run;
    if (at === before) break;
    foreseen.moves = true;
    for (const effect of result.effects) count(effect, foreseen);
    next = wakes(at, now);
  }
  return { ...foreseen, dueAt: foreseen.moves ? at.dueAt : run.dueAt };
}

function wakes({ status, cursor, dueAt }: Run, now: number): Input | null {
  return status === 'waiting' && cursor !== null && dueAt !== null && dueAt <= now + AT_ONCE_MS
    ? { type: 'timerFired', stepId: cursor, dueAt }
    : null;
}

function count(effect: Effect, foreseen: Foreseen): void {
  if (effect.type === 'send' || effect.type === 'ask') foreseen.mailed.push(effect.to);
  if (effect.type !== 'expand') return;
  if (effect.audience !== undefined) foreseen.audiences++;
  foreseen.branches += effect.items?.length ?? 0;
}
