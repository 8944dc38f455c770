import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { addDuration, parseDuration } from '#libs/calendar';
import type { Period } from '#libs/calendar';
import { Outbox, event } from '#libs/messaging';
import { Clock, Pollers, stableId } from '#libs/platform';
import { stretchOf } from '#libs/scoring';
import type { Board } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './closings.query.js';
import { openPeriod } from './open-period.js';
import { FIRST_POINTS } from './scores.query.js';

/** A board that could have closed longer ago than this closes silently: nobody wants last year's boards by mail. */
const TELL_WITHIN_MS = 2 * 86_400_000;

/** The event carries this many places; the snapshot holds them all. */
const TOLD_PLACES = 1000;

/** Freezes boards, and tells of it, when their period has ended and the grace is over. */
@Injectable()
export class ClosingsService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly programme: ProgrammeService,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({
      name: 'board closings',
      work: () => this.closeDue(),
      nextDue: () => this.nextClosing(),
    });
  }

  /** Closes every period that is over and not closed yet; a board in a quiet week closes empty. */
  private async closeDue(): Promise<number> {
    let closed = 0;
    for (const board of this.closing()) {
      const period = await this.nextOpen(board);
      if (period && closesAt(board, period) <= this.clock.now().getTime())
        closed += await this.close(board, period);
    }
    return closed;
  }

  private closing(): Board[] {
    return this.programme.boards.filter(({ period }) => period !== 'all_time');
  }

  /** The period after the last closed one; before there is any, the one of the first ledger entry, or of the first colleague. */
  private async nextOpen(board: Board): Promise<Period | null> {
    const [row]: { from: Date | null; closed: string[] }[] = await this.database.query(
      `SELECT COALESCE((SELECT max(end_at) FROM board_closings WHERE board = $1), (${FIRST_POINTS}),
         CASE WHEN $2 THEN (SELECT min(created_at) FROM people) END) AS from,
         ARRAY(SELECT period_key FROM board_closings WHERE board = $1 ORDER BY end_at DESC LIMIT 5) AS closed`,
      [board.id, board.metric !== 'points'],
    );
    return row?.from ? openPeriod(board, row.from.getTime(), row.closed) : null;
  }

  private async nextClosing(): Promise<Date | null> {
    const open = await Promise.all(
      this.closing().map(async (board) => ({ board, period: await this.nextOpen(board) })),
    );
    const dues = open.flatMap(({ board, period }) => (period ? [closesAt(board, period)] : []));
    return dues.length > 0 ? new Date(Math.min(...dues)) : null;
  }

  private async close(board: Board, period: Period): Promise<number> {
    return this.database.transaction(async (manager) => {
      const id = stableId('closing', board.id, period.key);
      const now = this.clock.now();
      const participants = await query.freeze(manager, id, {
        board,
        stretch: stretchOf(period, board.zone),
        now,
      });
      if (participants === null) return 0;
      const late = now.getTime() - closesAt(board, period);
      if (late <= TELL_WITHIN_MS) await this.tell(manager, id, { board, period, participants });
      return 1;
    });
  }

  private async tell(
    manager: EntityManager,
    closingId: string,
    { board, period, participants }: { board: Board; period: Period; participants: number },
  ): Promise<void> {
    const places = await query.frozenPage(manager, closingId, 0, TOLD_PLACES);
    const told =
      board.of === 'people'
        ? { ranking: places.map(({ personId, rank, score }) => ({ personId: personId!, rank, score })) }
        : {
            ranking: [],
            groups: places.map(({ subject, rank, score, members }) => ({
              group: subject,
              rank,
              score,
              members: members ?? 0,
            })),
          };
    const data = {
      closingId,
      board: board.id,
      periodKey: period.key,
      ...boundsOf(period),
      participants,
      ...told,
    };
    await this.outbox.add(manager, [
      event('board.closed', data, { id: stableId('board.closed', closingId) }),
    ]);
  }
}

/** A period as it is told. */
export const boundsOf = (period: Period): { start: string; end: string } => ({
  start: new Date(period.start).toISOString(),
  end: new Date(period.end).toISOString(),
});

function closesAt(board: Board, period: Period): number {
  const grace = parseDuration(board.grace);
  return grace.ok ? addDuration(period.end, grace.duration, board.zone) : period.end;
}
