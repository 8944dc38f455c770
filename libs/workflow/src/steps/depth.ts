import type { Run } from '../run.js';

// Workflows that start one another in a circle must come to an end by themselves.
const MAX_DEPTH = 5;

/** How many workflows will have led to what this run starts, or that there are too many already. */
export function nextDepth(run: Run): { ok: true; depth: number } | { ok: false; error: string } {
  const told = run.event?.['depth'];
  const depth = (typeof told === 'number' ? told : 0) + 1;
  return depth > MAX_DEPTH
    ? { ok: false, error: `${MAX_DEPTH} workflows have started one another already` }
    : { ok: true, depth };
}
