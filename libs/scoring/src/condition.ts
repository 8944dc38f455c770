import { z } from 'zod';
import { compileExpression } from '#libs/expression';
import type { Activity } from './activity.js';

/** A CEL condition over `event`, checked when the programme is read. */
export const conditionSchema = z.string().superRefine((source, context) => {
  const compiled = compileExpression(source, 'rule', { expects: 'bool' });
  if (!compiled.ok) context.addIssue({ code: 'custom', message: sentence(compiled.error) });
});

/** A CEL number over `event`. */
export const numberSchema = z.string().superRefine((source, context) => {
  const compiled = compileExpression(source, 'rule', { expects: 'number' });
  if (!compiled.ok) context.addIssue({ code: 'custom', message: sentence(compiled.error) });
});

const sentence = (error: { message: string; mend?: string }): string =>
  error.mend ? `${error.message}; ${error.mend}` : error.message;

/** What an activity looks like to an expression. */
const valuesOf = (activity: Activity): { event: Record<string, unknown> } => ({
  event: { type: activity.type, personId: activity.personId, objectId: activity.objectId, ...activity.data },
});

/** True when there is no condition or it holds; a condition that cannot be evaluated does not hold. */
export function holds(condition: string | undefined, activity: Activity): boolean {
  return condition === undefined || evaluate(condition, activity) === true;
}

/** The number an expression gives, 0 when it gives none. */
export function numberOf(expression: string, activity: Activity): number {
  const value = evaluate(expression, activity);
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function evaluate(source: string, activity: Activity): unknown {
  const compiled = compileExpression(source, 'rule');
  if (!compiled.ok) return undefined;
  const result = compiled.expression.evaluate(valuesOf(activity));
  return result.ok ? result.value : undefined;
}
