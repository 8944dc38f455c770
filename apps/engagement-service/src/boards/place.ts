import type { Board } from '#libs/scoring';

/** A place as it is told: of a person (null where they are hidden) or of a group. */
export interface Place {
  personId?: string | null;
  hidden?: boolean;
  group?: string;
  /** How many people the group has. */
  members?: number;
  rank: number;
  score: number;
  reachedAt: string;
}

interface Standing {
  subject: string;
  rank: number;
  score: number;
  reachedAt: Date | number;
  members: number | null;
  hidden: boolean;
}

/** A place as `asking` may see it: hidden people keep their place and lose their name, but not before themselves. */
export function placeOf(board: Board, standing: Standing, asking?: string): Place {
  const { subject, rank, score, hidden } = standing;
  const reached = { rank, score, reachedAt: new Date(standing.reachedAt).toISOString() };
  return board.of === 'people'
    ? { personId: hidden && subject !== asking ? null : subject, hidden, ...reached }
    : { group: subject, members: standing.members ?? 0, ...reached };
}

/** Where the next page begins: behind a score and a moment, and behind so many equals of both. Names nobody. */
export interface Cursor {
  score: number;
  reachedAt: number;
  equals: number;
}

/** Reads `12~1767225600000~1`; null when it is none. */
export function readCursor(text: string): Cursor | null {
  const [score, reachedAt, equals] = text.split('~').map(Number);
  const cursor = { score: score!, reachedAt: reachedAt!, equals: equals! };
  return Object.values(cursor).every(Number.isFinite) ? cursor : null;
}

export const writeCursor = ({ score, reachedAt, equals }: Cursor): string =>
  [score, reachedAt, equals].join('~');
