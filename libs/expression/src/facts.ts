/** What somebody's shares brought in a window; `previous` is the window of the same length before. */
export interface Impact {
  shares: number;
  clicks: number;
  reach: number;
  emv: number;
  previous: { shares: number; clicks: number; reach: number; emv: number };
}

/** Synchronous look-ups of values fetched beforehand; an expression's `needs` say which. */
export interface Facts {
  metric(personId: string, name: string, window: string): number;
  impact(personId: string, window: string): Impact | null;
}

/** A value an expression will look up; the driver fetches it for the persons of its batch. */
export type Need = { kind: 'metric'; name: string; window: string } | { kind: 'impact'; window: string };

/** Facts of nobody: metrics 0, no impact. */
export const NO_FACTS: Facts = { metric: () => 0, impact: () => null };

interface Current {
  facts: Facts;
  personId: string | null;
}

// CEL hands a function its arguments only. Evaluation is synchronous, so what is current can stand here while it lasts.
let current: Current = { facts: NO_FACTS, personId: null };

/** Runs one evaluation with its facts in place; nested evaluations restore what was there. */
export function withFacts<T>(facts: Facts, personId: string | null, run: () => T): T {
  const before = current;
  current = { facts, personId };
  try {
    return run();
  } finally {
    current = before;
  }
}

/** The facts and the person of the running evaluation. */
export function currentFacts(): Current {
  return current;
}
