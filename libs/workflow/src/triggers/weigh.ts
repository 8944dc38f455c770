import { compileExpression } from '#libs/expression';
import type { Evaluated } from '#libs/expression';
import type { Definition } from '../definition.js';
import type { Weighed } from '../kinds.js';
import { eventValue } from '../world.js';
import type { WorkflowEvent } from '../world.js';

/** Evaluates a trigger's expression over the event and the inputs. */
export function askTrigger(source: string, event: WorkflowEvent, definition: Definition): Evaluated {
  const compiled = compileExpression(source, 'trigger');
  if (!compiled.ok) return { ok: false, error: compiled.error.message };
  return compiled.expression.evaluate({ event: eventValue(event), inputs: definition.values });
}

/** Whether a trigger's condition holds; null when it does or there is none, otherwise the reason. */
export function unmet(
  condition: string | null | undefined,
  event: WorkflowEvent,
  definition: Definition,
): string | null {
  if (condition === null || condition === undefined) return null;
  const answer = askTrigger(condition, event, definition);
  if (!answer.ok) return `the condition "${condition}" cannot be answered: ${answer.error}`;
  return answer.value === true ? null : `does not hold: ${condition}`;
}

/** The key an expression gives, or undefined when it gives none. */
export function keyFrom(source: string, event: WorkflowEvent, definition: Definition): string | undefined {
  const answer = askTrigger(source, event, definition);
  if (!answer.ok) return undefined;
  const { value } = answer;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Starts with a key, for the person the event is about. */
export function starting(key: string | null, event: WorkflowEvent): Weighed {
  return { starts: true, key, personId: text(event.data['personId']) };
}

/** Starts unless the condition is unmet; the key is the expression's, else the given one. */
export function weighWith(
  parts: { if?: string | undefined; key?: string | undefined; person?: string | undefined },
  event: WorkflowEvent,
  definition: Definition,
  key: string | null,
): Weighed {
  const reason = unmet(parts.if, event, definition);
  if (reason !== null) return { starts: false, reason };
  const whose = personFrom(parts.person, event, definition);
  if (whose === undefined)
    return { starts: false, reason: `the person "${parts.person}" gives neither an id nor null` };
  if (parts.key === undefined) return { starts: true, key, personId: whose };
  const own = keyFrom(parts.key, event, definition);
  return own === undefined
    ? { starts: false, reason: `the key "${parts.key}" gives no value` }
    : { starts: true, key: own, personId: whose };
}

/** Whom a run is for: the person of the event unless an expression names another, or (null) nobody. */
function personFrom(
  source: string | undefined,
  event: WorkflowEvent,
  definition: Definition,
): string | null | undefined {
  if (source === undefined) return text(event.data['personId']);
  const answer = askTrigger(source, event, definition);
  return answer.ok && (answer.value === null || typeof answer.value === 'string') ? answer.value : undefined;
}

/** A text, or null for anything else. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
