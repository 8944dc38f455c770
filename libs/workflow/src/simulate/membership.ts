import type { Definition } from '../definition.js';
import { inAudience } from '../queries.js';
import type { AudienceAsk } from '../queries.js';

/** Whether somebody belongs to an audience, and if not, which part of the condition says so. */
export type Membership = { member: true } | { member: false; reason: string };

/** Weighs an audience for one person; the reason is the first part of the condition that does not hold. */
export function membershipOf(definition: Definition, audience: string, ask: AudienceAsk): Membership {
  const whole = inAudience(definition, audience, ask);
  if (whole.ok && whole.value === true) return { member: true };
  const failing = partsOf(audience).find((part) => {
    const answer = inAudience(definition, part, ask);
    return !(answer.ok && answer.value === true);
  });
  return { member: false, reason: `does not hold: ${failing ?? audience}` };
}

const parts = new Map<string, string[]>();

/** The parts of a condition that `&&` joins at its top; one part when it is joined otherwise. */
export function partsOf(condition: string): string[] {
  let known = parts.get(condition);
  if (!known) parts.set(condition, (known = split(condition)));
  return known;
}

const QUOTES = ['"', "'"];

function split(condition: string): string[] {
  const found = [''];
  let depth = 0;
  let quote: string | null = null;
  for (let at = 0; at < condition.length; at++) {
    const char = condition[at]!;
    if (quote !== null) {
      if (char === '\\') found[found.length - 1] += char + (condition[++at] ?? '');
      else found[found.length - 1] += char;
      if (char === quote) quote = null;
      continue;
    }
    if (QUOTES.includes(char)) quote = char;
    if ('([{'.includes(char)) depth += 1;
    if (')]}'.includes(char)) depth -= 1;
    if (depth === 0 && condition.startsWith('||', at)) return [condition.trim()];
    if (depth === 0 && char === '?') return [condition.trim()];
    if (depth === 0 && condition.startsWith('&&', at)) {
      found.push('');
      at += 1;
    } else found[found.length - 1] += char;
  }
  return found.map((part) => part.trim().replaceAll(/\s+/g, ' '));
}
