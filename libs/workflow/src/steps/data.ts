import type { Evaluated } from '#libs/expression';
import { checkCel } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Site, Turn } from '../kinds.js';

/** Checks a block of data: every text in it, however deep, is an expression. */
export function checkData(value: unknown, checking: Checking, site: Site): void {
  if (typeof value === 'string')
    return checkCel(checking, site.path, value, 'workflow', { names: site.names });
  for (const [key, part] of entriesOf(value))
    checkData(part, checking, { ...site, path: [...site.path, key] });
}

/** What a block of data gives: a copy with every text answered, or the first that cannot be. */
export function answered(value: unknown, turn: Turn): Evaluated {
  if (typeof value === 'string') return turn.ask(value);
  if (value === null || typeof value !== 'object') return { ok: true, value };
  const parts: [string | number, unknown][] = [];
  for (const [key, part] of entriesOf(value)) {
    const answer = answered(part, turn);
    if (!answer.ok) return { ok: false, error: `${key}: ${answer.error}` };
    parts.push([key, answer.value]);
  }
  return {
    ok: true,
    value: Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts),
  };
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((part, index) => [index, part]);
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}
