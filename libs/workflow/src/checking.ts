import type { z } from 'zod';
import { isZone, isWindow, parseDuration, parseTime, WINDOW_NAMES } from '#libs/calendar';
import { compileExpression, didYouMean, nearest } from '#libs/expression';
import type { CompileOptions, ExpressionError, Need, ScopeName, Shape, Shapes } from '#libs/expression';
import type { Mention, Trigger } from './definition.js';
import { pathText, problemAt, warningAt } from './problem.js';
import type { Path, SourceDocument } from './problem.js';

/** What exists in the programme; a list left out is not checked. */
export interface Catalog {
  templates?: ReadonlySet<string>;
  badges?: ReadonlySet<string>;
  metrics?: ReadonlySet<string>;
  boards?: ReadonlySet<string>;
  events?: ReadonlySet<string>;
  rules?: ReadonlySet<string>;
  surveys?: ReadonlySet<string>;
  channels?: ReadonlySet<string>;
  workflows?: ReadonlySet<string>;
  /** What the data of an event looks like, by type; an event without a shape may hold anything. */
  shapes?: ReadonlyMap<string, Shape>;
}

/** An expression of the file and where it stands. */
export interface Use {
  path: Path;
  source: string;
  scope: ScopeName;
  /** Dotted paths it reads. */
  reads: readonly string[];
  shape: Shape;
}

/** Everything a check may look at and report to. */
export interface Checking {
  source: SourceDocument;
  catalog: Catalog;
  inputs: readonly string[];
  expressions: Mention[];
  /** What the variables look like where the check stands. */
  shapes: Shapes;
  uses: Use[];
  /** Where an input that does not exist was named: what stands there is wrong already. */
  told: Set<string>;
  /** The triggers read so far, for steps that listen to what started the run. */
  triggers: readonly Trigger[];
  /** Where each step stands, by id. */
  places: Map<string, Path>;
}

/** Notes a problem at a path. */
export function report(checking: Checking, path: Path, message: string, mend: string, atKey = false): void {
  if (!checking.told.has(pathText(path))) problemAt(checking.source, path, message, mend, atKey);
}

/** Notes something allowed that is hardly meant. */
export function warn(checking: Checking, path: Path, message: string, mend: string): void {
  warningAt(checking.source, path, message, mend);
}

/** Checks an expression and keeps it among the definition's. */
export function checkCel(
  checking: Checking,
  path: Path,
  source: string,
  scope: ScopeName,
  options: CompileOptions = {},
): void {
  const compiled = compileExpression(source, scope, { shapes: shapesIn(scope, checking.shapes), ...options });
  if (!compiled.ok) return reportError(checking, path, compiled.error);
  const { needs, paths: reads } = compiled.expression;
  checking.expressions.push({ source, scope, names: [...(options.names ?? [])] });
  checking.uses.push({ path, source, scope, reads, shape: compiled.shape });
  for (const need of needs) checkNeed(checking, path, need);
}

function reportError(checking: Checking, path: Path, { message, mend }: ExpressionError): void {
  const [, root, name] = /^unknown field (inputs|vars)\.(.+)$/.exec(message) ?? [];
  if (root === 'inputs') return unknownInput(checking, path, name ?? '');
  const none = root === 'vars' && mend?.startsWith('there is nothing') === true;
  report(
    checking,
    path,
    message,
    none ? 'no step above gives a result: keep one with set:' : (mend ?? 'mend the expression'),
  );
}

// Who belongs to an audience is asked before there is a run.
function shapesIn(scope: ScopeName, shapes: Shapes): Shapes {
  return scope === 'audience' ? { ...shapes, run: { fields: {} }, vars: { fields: {} } } : shapes;
}

function checkNeed(checking: Checking, path: Path, need: Need): void {
  if (need.kind === 'metric') checkKnown(checking, 'metrics', path, need.name);
  if (isWindow(need.window)) return;
  report(
    checking,
    path,
    `unknown window ${need.window}`,
    `${didYouMean(need.window, WINDOW_NAMES)} (or last_N_days)`,
  );
}

/** Notes that an input is not declared. */
export function unknownInput(checking: Checking, path: Path, name: string): void {
  const mend = checking.inputs.length > 0 ? didYouMean(name, checking.inputs) : 'declare it under inputs';
  report(checking, path, `there is no input ${name}`, mend);
  checking.told.add(pathText(path));
}

/** Checks that something named exists in the programme. */
export function checkKnown(
  checking: Checking,
  list: Exclude<keyof Catalog, 'shapes'>,
  path: Path,
  id: string,
): void {
  const known = checking.catalog[list];
  if (!known || known.has(id)) return;
  const kind = list.slice(0, -1);
  report(
    checking,
    path,
    `there is no ${kind} ${id}`,
    known.size > 0 ? didYouMean(id, [...known]) : `add the ${kind} to the programme`,
  );
}

/** Checks a duration such as 2d. */
export function checkDuration(checking: Checking, path: Path, text: string): void {
  const parsed = parseDuration(text);
  if (!parsed.ok)
    report(checking, path, `"${text}" is no duration`, 'write for example 30m, 3h, 2d, 1w or 1mo');
}

/** Checks a time of day. */
export function checkTime(checking: Checking, path: Path, text: string): void {
  if (parseTime(text) === null)
    report(
      checking,
      path,
      `"${text}" is no time of day`,
      'write hours and minutes in quotes, for example "09:00"',
    );
}

/** Checks a zone, or the word recipient. */
export function checkZone(checking: Checking, path: Path, text: string): void {
  if (text === 'recipient' || isZone(text)) return;
  report(
    checking,
    path,
    `there is no time zone ${text}`,
    'write recipient or an IANA name such as Europe/Rome',
  );
}

/** Reads a value by a schema; every mismatch becomes a problem, and then the answer is null. */
export function readShape<T>(
  checking: Checking,
  path: Path,
  schema: z.ZodType<T>,
  value: unknown,
  keys: readonly string[],
): T | null {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const misspelt = parsed.error.issues.flatMap((issue) => meantBy(issue, keys));
  for (const issue of parsed.error.issues)
    if (!isMissing(issue, value, misspelt)) reportIssue(checking, path, issue, value, keys);
  return null;
}

// A word with a slip in it is one mistake, not an unknown word and a missing one.
function meantBy(issue: z.core.$ZodIssue, keys: readonly string[]): string[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => nearest(key, keys) ?? '') : [];
}

function isMissing(issue: z.core.$ZodIssue, root: unknown, names: readonly string[]): boolean {
  return names.includes(String(issue.path.at(-1))) && valueAt(root, issue.path) === undefined;
}

function reportIssue(
  checking: Checking,
  base: Path,
  issue: z.core.$ZodIssue,
  root: unknown,
  keys: readonly string[],
): void {
  const path = [...base, ...(issue.path as (string | number)[])];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys)
      report(checking, [...path, key], `unknown word ${key}`, didYouMean(key, keys), true);
    return;
  }
  const name = String(issue.path.at(-1) ?? base.at(-1) ?? 'the document');
  if (issue.code === 'invalid_type' && valueAt(root, issue.path) === undefined)
    return report(checking, path, `${name} is missing`, `add ${name}:`);
  report(checking, path, `${name} is not right`, mendOf(issue));
}

function mendOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.expected === 'object')
    return 'give a block of words, each with a colon';
  if (issue.code === 'invalid_value') return `use one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type')
    return `give a ${issue.expected === 'string' ? 'text (perhaps in quotes)' : issue.expected}`;
  if (issue.code === 'invalid_format') return 'use small letters, digits and hyphens, starting with a letter';
  return issue.message;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    root,
  );
}
