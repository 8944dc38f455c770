import { periodOf } from '#libs/calendar';
import type { Period } from '#libs/calendar';
import type { Board } from '#libs/scoring';

/**
 * The first period of a board from an instant (epoch ms) on that is not closed: where the zone has moved west since, the last period
 * ended before its namesake here does.
 */
export function openPeriod(
  board: Pick<Board, 'period' | 'zone'>,
  from: number,
  closed: readonly string[],
): Period {
  const period = periodOf(board.period, from, board.zone);
  return closed.includes(period.key) ? openPeriod(board, period.end, closed) : period;
}
