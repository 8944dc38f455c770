import type { Node } from './ast.js';

/** The longest expression, in characters. */
export const MAX_LENGTH = 4_000;
/** What the parser refuses at once: far more than any sentence people write, and little enough to check in a moment. */
export const PARSER_LIMITS = {
  maxAstNodes: 500,
  maxDepth: 50,
  maxListElements: 200,
  maxMapEntries: 50,
  maxCallArguments: 8,
};
/** The longest list an expression may walk through or make. */
const MAX_LIST = 10_000;
/** The longest text an expression may put together. */
const MAX_TEXT = 100_000;
/** The parts of an expression that one evaluation may work through, loops counted: a fraction of a second. */
const MAX_WORK = 2_000_000;

const GROWS = new Set(['+', 'call', 'rcall']);
const COMPARES = new Set(['==', '!=', 'in']);

interface Evaluable extends Node {
  evaluate: (this: Evaluable, evaluator: unknown, node: unknown, context: unknown) => unknown;
}

// CEL hands an evaluation no place to count. Evaluation is synchronous, so the count can stand here while it lasts.
let work = 0;

/** Runs one evaluation within its bounds; throws a readable error when it wants too much. */
export function withinBounds<T>(run: () => T): T {
  const before = work;
  work = 0;
  try {
    const result = run();
    // A loop that asks whether anything fits goes over errors, so what was too much is told at the end as well.
    if (work > MAX_WORK) throw tooMuch();
    return result;
  } finally {
    work = before;
  }
}

/** Makes the parts of a checked tree count what they do: loops by length times body, sums and calls by what they make. */
export function bound(node: Node, loop: { list: Node; body: number } | null): void {
  if (loop) return counting(loop.list, (value) => charge(lengthOf(value) * loop.body, lengthOf(value)));
  if (GROWS.has(node.op)) return counting(node, (value) => charge(lengthOf(value), lengthOf(value), value));
  if (COMPARES.has(node.op))
    for (const side of node.args as Node[]) counting(side, (value) => charge(lengthOf(value), 0));
}

const counters = new WeakMap<Node, ((value: unknown) => void)[]>();

function counting(node: Node, count: (value: unknown) => void): void {
  const known = counters.get(node);
  if (known) known.push(count);
  else counters.set(node, countedBy(node as Evaluable, [count]));
}

// A node of CEL puts a faster way of evaluating in its own place the first time, so the count is put back around that.
function countedBy(node: Evaluable, counts: ((value: unknown) => void)[]): ((value: unknown) => void)[] {
  let plain = node.evaluate;
  const counted = (evaluator: unknown, self: unknown, context: unknown) => {
    try {
      const value = plain.call(node, evaluator, self, context);
      for (const count of counts) count(value);
      return value;
    } finally {
      if (node.evaluate !== counted) [plain, node.evaluate] = [node.evaluate, counted];
    }
  };
  node.evaluate = counted;
  return counts;
}

function charge(amount: number, length: number, made?: unknown): void {
  if (length > MAX_LIST && typeof made !== 'string')
    throw new RangeError(`a list of ${length} is longer than the ${MAX_LIST} an expression may go through`);
  if (typeof made === 'string' && made.length > MAX_TEXT)
    throw new RangeError(`a text of ${made.length} characters is longer than the ${MAX_TEXT} allowed`);
  work += amount;
  if (work > MAX_WORK) throw tooMuch();
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value) || typeof value === 'string') return value.length;
  return 0;
}

function tooMuch(): RangeError {
  return new RangeError('the expression does too much: loop over fewer things');
}
