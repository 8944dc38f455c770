import type { z } from 'zod';
import { isZone, isWindow, parseDuration, parseTime, WINDOW_NAMES } from '#libs/calendar';
import { compileExpression, didYouMean } from '#libs/expression';
import type { CompileOptions, Need, ScopeName } from '#libs/expression';
import type { Mention } from './definition.js';
import { problemAt } from './problem.js';
import type { Path, SourceDocument } from './problem.js';

/** What exists in the programme; a list left out is not checked. */
export interface Catalog {
  templates?: ReadonlySet<string>;
  badges?: ReadonlySet<string>;
  metrics?: ReadonlySet<string>;
  boards?: ReadonlySet<string>;
  events?: ReadonlySet<string>;
}

/** Everything a check may look at and report to. */
export interface Checking {
  source: SourceDocument;
  catalog: Catalog;
  inputs: readonly string[];
  expressions: Mention[];
}

/** Notes a problem at a path. */
export function report(checking: Checking, path: Path, message: string, mend: string, atKey = false): void {
  problemAt(checking.source, path, message, mend, atKey);
}

/** Checks an expression and keeps it among the definition's. */
export function checkCel(
  checking: Checking,
  path: Path,
  source: string,
  scope: ScopeName,
  options: CompileOptions = {},
): void {
  const compiled = compileExpression(source, scope, options);
  if (!compiled.ok)
    return report(checking, path, compiled.error.message, compiled.error.mend ?? 'mend the expression');
  checking.expressions.push({ source, scope, names: [...(options.names ?? [])] });
  for (const need of compiled.expression.needs) checkNeed(checking, path, need);
  for (const read of compiled.expression.paths) checkInputPath(checking, path, read);
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

function checkInputPath(checking: Checking, path: Path, read: string): void {
  const [root, name] = read.split('.');
  if (root === 'inputs' && name !== undefined && !checking.inputs.includes(name))
    unknownInput(checking, path, name);
}

/** Notes that an input is not declared. */
export function unknownInput(checking: Checking, path: Path, name: string): void {
  const mend = checking.inputs.length > 0 ? didYouMean(name, checking.inputs) : 'declare it under inputs';
  report(checking, path, `there is no input ${name}`, mend);
}

/** Checks that something named exists in the programme. */
export function checkKnown(checking: Checking, list: keyof Catalog, path: Path, id: string): void {
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
  for (const issue of parsed.error.issues) reportIssue(checking, path, issue, value, keys);
  return null;
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
