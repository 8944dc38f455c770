import type { Definition, Step } from '../definition.js';

/** Where a step stands, in words: after another, inside it, at the beginning. Steps that only one version has are looked past. */
export function placeOf(definition: Definition, id: string, shared: (id: string) => boolean): string {
  const seen = new Set<string>();
  let at: Found | null = before(definition, id);
  while (at !== null && !shared(at.step) && !seen.has(at.step)) {
    seen.add(at.step);
    at = before(definition, at.step);
  }
  return at === null ? 'at the beginning' : `${at.how} ${at.step}`;
}

interface Found {
  step: string;
  how: string;
}

// The first that leads there, in the order of the file: the inner steps of a block lead on as well as the block itself.
function before({ order, steps }: Definition, id: string): Found | null {
  for (const other of order) {
    const how = other === id ? null : leads(steps[other], id);
    if (how !== null) return { step: other, how };
  }
  return null;
}

function leads(step: Step | undefined, id: string): string | null {
  if (!step) return null;
  if (step.inner === id && step.inner !== step.next) return 'inside';
  if (step.otherwise === id && step.otherwise !== step.next) return 'in the else of';
  const way = step.ways?.indexOf(id) ?? -1;
  if (way >= 0 && id !== step.next) return `in way ${way + 1} of`;
  return step.next === id ? 'after' : null;
}
