import { z } from 'zod';
import { compileExpression } from '#libs/expression';
import type { Expression } from '#libs/expression';
import type { Activity } from './activity.js';

/** A CEL condition over `event`, checked when the programme is read. */
export const conditionSchema = expressionSchema('bool');

/** A CEL number over `event`. */
export const numberSchema = expressionSchema('number');

/** A CEL expression over `event` that gives what is told apart: a text, a number, or yes and no. */
export const elementSchema = expressionSchema();

function expressionSchema(expects?: 'bool' | 'number'): z.ZodType<string> {
  return z.string().superRefine((source, context) => {
    const compiled = compileExpression(source, 'rule', expects && { expects });
    if (!compiled.ok) context.addIssue({ code: 'custom', message: sentence(compiled.error) });
  });
}

const sentence = (error: { message: string; mend?: string }): string =>
  error.mend ? `${error.message}; ${error.mend}` : error.message;

type Values = { event: Record<string, unknown> };
const shown = new WeakMap<Activity, Values>();

/** What an activity looks like to an expression; one object for each activity, so that equal questions are answered once. */
function valuesOf(activity: Activity): Values {
  let values = shown.get(activity);
  if (!values) {
    const { type, personId, objectId, data } = activity;
    shown.set(activity, (values = { event: { type, personId, objectId, ...data } }));
  }
  return values;
}

/** True when there is no condition or it holds; a condition that cannot be evaluated does not hold. */
export function holds(condition: string | undefined, activity: Activity): boolean {
  return condition === undefined || evaluate(condition, activity) === true;
}

/** The number an expression gives, 0 when it gives none. */
export function numberOf(expression: string, activity: Activity): number {
  const value = evaluate(expression, activity);
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The first 200 characters, none of them cut in half: what tells things apart is part of keys, and an index holds no long ones. */
export const shortened = (text: string): string => text.slice(0, 200).replace(/[\uD800-\uDBFF]$/, '');

/** What an expression tells apart, as a text of at most 200 characters; null when it gives nothing of the kind. */
export function elementOf(expression: string, activity: Activity): string | null {
  const value = evaluate(expression, activity);
  if (typeof value === 'string') return value === '' ? null : shortened(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** What a condition looks at in an activity, by dotted path: the values it saw; what is not there is null. */
export function seenBy(condition: string, activity: Activity): Record<string, unknown> {
  const values = valuesOf(activity);
  const paths = compiledOf(condition)?.paths ?? [];
  return Object.fromEntries(paths.map((path) => [path, valueAt(values, path) ?? null]));
}

const valueAt = (values: Values, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      values,
    );

function evaluate(source: string, activity: Activity): unknown {
  const result = compiledOf(source)?.evaluate(valuesOf(activity));
  return result?.ok ? result.value : undefined;
}

// Asked for every activity and rule: a programme holds some hundreds, the bound only keeps previews from growing it for ever.
const compiledBySource = new Map<string, Expression | null>();

function compiledOf(source: string): Expression | null {
  let known = compiledBySource.get(source);
  if (known === undefined) {
    if (compiledBySource.size > 5_000) compiledBySource.clear();
    const compiled = compileExpression(source, 'rule');
    compiledBySource.set(source, (known = compiled.ok ? compiled.expression : null));
  }
  return known;
}
