/** A visit of a tracked link as the journal keeps it; the share of a honeypot link is null. `at` in epoch milliseconds. */
export interface Visit {
  id: string;
  shareId: string | null;
  at: number;
  /** The visitor's salted hash of that day. */
  visitor: string;
  /** What spoke against a person at first sight. */
  reasons: readonly string[];
}

const NOBODY = '-';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PATTERN = new RegExp(`^(${UUID})\\t(${UUID}|${NOBODY})\\t(\\d{10,14})\\t([\\w-]{22})\\t([a-z |]*)$`);

/** One line of the journal, with its end. */
export const writeVisit = ({ id, shareId, at, visitor, reasons }: Visit): string =>
  `${id}\t${shareId ?? NOBODY}\t${at}\t${visitor}\t${reasons.join('|')}\n`;

/** The visits of a journal. A line that power failure has torn is counted and passed over. */
export function readVisits(text: string): { visits: Visit[]; torn: number } {
  const lines = text.split('\n');
  // What stands behind the last line end is nothing, or a line that was not written to its end.
  const last = lines.pop();
  const visits = lines.flatMap((line) => visitOf(line) ?? []);
  return { visits, torn: lines.length - visits.length + (last === '' ? 0 : 1) };
}

function visitOf(line: string): Visit | null {
  const match = PATTERN.exec(line);
  if (!match) return null;
  const [, id, share, at, visitor, reasons] = match as unknown as string[];
  return {
    id: id!,
    shareId: share === NOBODY ? null : share!,
    at: Number(at),
    visitor: visitor!,
    reasons: reasons ? reasons.split('|') : [],
  };
}
