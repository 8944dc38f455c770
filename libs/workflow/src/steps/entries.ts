import type { Turn } from '../kinds.js';

/** Ledger entries by id, or why they cannot be told. */
export type Entries = { ok: true; ids: string[] } | { ok: false; error: string };

// A list travels in the effect; a campaign's worth of entries is the ledger's business, not one step's.
const MAX_ENTRIES = 1_000;

/** The ledger entries an expression names: an id, a list of ids, or of things with an id. */
export function entriesFrom(source: string, turn: Turn): Entries {
  const answer = turn.ask(source);
  if (!answer.ok) return { ok: false, error: `"${source}" cannot be answered: ${answer.error}` };
  const list: unknown[] = Array.isArray(answer.value) ? answer.value : [answer.value ?? []].flat();
  if (list.length > MAX_ENTRIES)
    return { ok: false, error: `"${source}" has ${list.length} entries, more than ${MAX_ENTRIES}` };
  const ids = list.map((item) => (typeof item === 'string' ? item : (item as { id?: unknown } | null)?.id));
  return ids.every((id) => typeof id === 'string')
    ? { ok: true, ids: [...new Set(ids)] }
    : { ok: false, error: `"${source}" names something that is no ledger entry` };
}

/** The intent key of what a hold step of this run has set aside; null when it has set nothing aside. */
export function heldBy(stepId: string, { run }: Turn): string | null {
  const kept = run.vars[stepId] as { held?: unknown } | null | undefined;
  return typeof kept?.held === 'string' ? kept.held : null;
}
