import type { Checking } from './checking.js';
import { report } from './checking.js';
import type { Path } from './problem.js';

const MAX_STEPS = 1_000;
const MAX_NESTING = 10;

interface Counting {
  steps: number;
  deepest: Path;
}

/** Notes when a file holds more steps, or steps in steps, than any workflow needs; then nothing else of them is read. */
export function checkSizes(steps: unknown, checking: Checking): boolean {
  const counting: Counting = { steps: 0, deepest: [] };
  count(steps, ['steps'], 1, counting);
  if (counting.steps > MAX_STEPS)
    report(
      checking,
      ['steps'],
      `there are more than ${MAX_STEPS} steps`,
      'make several workflows that start one another',
    );
  else if (counting.deepest.length > 0)
    report(
      checking,
      counting.deepest,
      `steps stand more than ${MAX_NESTING} deep`,
      'make a workflow of the inner ones and start it',
    );
  return counting.steps <= MAX_STEPS && counting.deepest.length === 0;
}

function count(steps: unknown, path: Path, depth: number, counting: Counting): void {
  if (!Array.isArray(steps) || counting.steps > MAX_STEPS || counting.deepest.length > 0) return;
  if (depth > MAX_NESTING) {
    counting.deepest = path;
    return;
  }
  for (const [index, step] of steps.entries()) {
    counting.steps++;
    for (const [inner, at] of blocksOf(step)) count(inner, [...path, index, ...at], depth + 1, counting);
  }
}

/** The lists of steps that stand in a step as it is written, and where. */
export function blocksOf(step: unknown): [unknown, Path][] {
  if (step === null || typeof step !== 'object') return [];
  const { steps, else: otherwise, choose } = step as Record<string, unknown>;
  const ways = Array.isArray(choose) ? choose : [];
  return [
    [steps, ['steps']],
    [otherwise, ['else']],
    ...ways.map((way: unknown, index): [unknown, Path] => [
      (way as { steps?: unknown } | null)?.steps,
      ['choose', index, 'steps'],
    ]),
  ];
}
