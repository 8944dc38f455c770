import type { Need } from './facts.js';
import { bound as makeCount } from './limits.js';

/** A node of the CEL syntax tree, as far as we look at it. */
export interface Node {
  op: string;
  args: unknown;
  start: number;
  end: number;
}

/** A mistake in an expression: what, the mend, and where it starts (characters from the beginning). */
export interface ExpressionError {
  message: string;
  mend?: string;
  offset?: number;
}

/** What reading the tree once tells. */
export interface Reading {
  needs: Need[];
  /** Dotted paths from the variables, such as event.ranking or person.lead. */
  paths: Map<string, Node>;
  errors: ExpressionError[];
  /** Whether a result may hold CEL ints, which are BigInt in JavaScript. */
  mayHoldInts: boolean;
}

interface Walk {
  reading: Reading;
  bound: readonly string[];
}

const MACROS = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);
const INT_ARGUMENTS = new Set(['substring', 'indexOf', 'lastIndexOf', 'at']);
const OURS = new Set(['metric', 'impact', 'rankOf', 'has']);
// Two loops in one another over a ranking of 10,000 are already 100,000,000 steps.
const MAX_NESTED_LOOPS = 2;

/** Reads a fresh tree: makes written numbers doubles (in place), collects needs and paths, refuses what could run away. */
export function readTree(root: Node): Reading {
  const reading: Reading = { needs: [], paths: new Map(), errors: [], mayHoldInts: false };
  visit(root, { reading, bound: [] });
  return reading;
}

function visit(value: unknown, walk: Walk): void {
  if (Array.isArray(value)) for (const item of value) visit(item, walk);
  if (!isNode(value)) return;
  makeCount(value, loopOf(value));
  switch (value.op) {
    case 'value':
      return toDouble(value);
    case 'id':
      return notePath(value, walk);
    case '.':
      return visitField(value, walk);
    case '[]':
      return visitIndex(value, walk);
    case 'call':
    case 'rcall':
      return visitCall(value, walk);
    default:
      return visit(value.args, walk);
  }
}

function toDouble(node: Node): void {
  if (typeof node.args === 'bigint') node.args = Number(node.args);
}

function loopOf(node: Node): { list: Node; body: number } | null {
  if (node.op !== 'rcall') return null;
  const [name, list, params] = node.args as [unknown, Node, unknown[]];
  return MACROS.has(String(name)) ? { list, body: countNodes(params) } : null;
}

function countNodes(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + countNodes(part), 0);
  return isNode(value) ? 1 + countNodes(value.args) : 0;
}

function visitField(node: Node, walk: Walk): void {
  if (pathOf(node) !== null) return notePath(node, walk);
  visit((node.args as [unknown])[0], walk);
}

// A literal index stays an int: CEL lists are indexed by ints only.
function visitIndex(node: Node, walk: Walk): void {
  const [target, index] = node.args as [unknown, unknown];
  visit(target, walk);
  if (!isInt(index)) visit(index, walk);
}

function visitCall(node: Node, walk: Walk): void {
  const args = node.args as unknown[];
  const [name, receiver, given] = node.op === 'call' ? [args[0], null, args[1]] : args;
  const params = given as unknown[];
  visit(receiver, walk);
  if (MACROS.has(String(name)) && node.op === 'rcall') return visitMacro(node, params, walk);
  if (!OURS.has(String(name))) walk.reading.mayHoldInts = true;
  checkCall(String(name), node, params, walk.reading);
  for (const param of params) if (!(INT_ARGUMENTS.has(String(name)) && isInt(param))) visit(param, walk);
}

function visitMacro(node: Node, params: unknown[], walk: Walk): void {
  const [variable, ...rest] = params;
  const bound = [...walk.bound, isNode(variable) ? String(variable.args) : ''];
  if (bound.length > MAX_NESTED_LOOPS) {
    walk.reading.errors.push({
      message: 'loops stand three deep here',
      mend: 'use at most two in one another',
      offset: node.start,
    });
  }
  visit(rest, { ...walk, bound });
}

function checkCall(name: string, node: Node, params: unknown[], reading: Reading): void {
  if (name === 'metric' && params.length === 2)
    addNeed(node, params, reading, ([metric, window]) => ({ kind: 'metric', name: metric, window }));
  if (name === 'impact' && params.length === 2)
    addNeed(node, params.slice(1), reading, ([window]) => ({ kind: 'impact', window }));
  // A name for a value would let forty short lines double a text forty times.
  if (name === 'bind')
    reading.errors.push({
      message: 'bind() is not available',
      mend: 'write the value out, or keep it with a set: step',
      offset: node.start,
    });
  // JavaScript's regular expressions can take exponential time on a hostile pattern.
  if (name === 'matches')
    reading.errors.push({
      message: 'matches() is not available',
      mend: 'use contains(), startsWith() or endsWith()',
      offset: node.start,
    });
}

function addNeed(
  node: Node,
  literals: unknown[],
  reading: Reading,
  make: (texts: [string, string]) => Need,
): void {
  const texts = literals.map((l) =>
    isNode(l) && l.op === 'value' && typeof l.args === 'string' ? l.args : null,
  );
  if (texts.includes(null)) {
    reading.errors.push({
      message: 'the metric and the window must be written out, so that they can be fetched beforehand',
      mend: 'write them in quotes, for example metric("shares", "last_month")',
      offset: node.start,
    });
    return;
  }
  const need = make(texts as [string, string]);
  if (!reading.needs.some((n) => JSON.stringify(n) === JSON.stringify(need))) reading.needs.push(need);
}

function notePath(node: Node, walk: Walk): void {
  const path = pathOf(node);
  if (path === null || walk.bound.includes(path.split('.')[0] ?? '')) return;
  if (!walk.reading.paths.has(path)) walk.reading.paths.set(path, node);
}

function pathOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.op === 'id') return String(node.args);
  if (node.op !== '.') return null;
  const [target, field] = node.args as [unknown, unknown];
  const before = pathOf(target);
  return before === null ? null : `${before}.${String(field)}`;
}

function isInt(value: unknown): boolean {
  return isNode(value) && value.op === 'value' && typeof value.args === 'bigint';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
