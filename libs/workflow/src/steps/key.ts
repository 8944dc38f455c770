import type { Turn } from '../kinds.js';

/** A key of a run that a step names: null when it names none, or why it cannot be told. */
export function keyOf(
  source: string | undefined,
  turn: Turn,
): { ok: true; key: string | null } | { ok: false; error: string } {
  if (source === undefined) return { ok: true, key: null };
  const answer = turn.ask(source);
  if (!answer.ok) return { ok: false, error: `the key "${source}" cannot be answered: ${answer.error}` };
  const { value } = answer;
  return typeof value === 'string' || typeof value === 'number'
    ? { ok: true, key: String(value) }
    : { ok: false, error: `the key "${source}" gives no value` };
}
