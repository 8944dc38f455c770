import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { addDuration, parseDuration, periodOf } from '#libs/calendar';
import type { Period } from '#libs/calendar';
import { Outbox, event } from '#libs/messaging';
import { Clock, Pollers, notFound, stableId } from '#libs/platform';
import type { Board } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './boards.query.js';

/** A board that could have closed longer ago than this closes silently: nobody wants last year's boards by mail. */
const TELL_WITHIN_MS = 2 * 86_400_000;

/** The event carries this many places; the snapshot holds them all. */
const TOLD_PLACES = 1000;

/** Leaderboards: live while their period runs, frozen and told of when it has ended and the grace is over. */
@Injectable()
export class BoardsService implements OnModuleInit {
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

  list(): Board[] {
    return this.programme.boards;
  }

  async live(id: string, limit: number): Promise<object> {
    const board = this.find(id);
    const period = periodOf(board.period, this.clock.now().getTime(), board.zone);
    const places = await query.liveRanking(
      this.database,
      new Date(period.start),
      new Date(period.end),
      limit,
    );
    return { board: id, periodKey: period.key, ...boundsOf(period), closed: false, places };
  }

  closings(id: string): Promise<object[]> {
    this.find(id);
    return this.database.query(
      `SELECT id, board, period_key AS "periodKey", start_at AS start, end_at AS end, closed_at AS "closedAt", participants
       FROM board_closings WHERE board = $1 ORDER BY start_at DESC LIMIT 500`,
      [id],
    );
  }

  async closing(id: string, periodKey: string, limit: number): Promise<object> {
    const [closing]: { id: string }[] = await this.database.query(
      `SELECT id, board, period_key AS "periodKey", start_at AS start, end_at AS end, closed_at AS "closedAt", participants
       FROM board_closings WHERE board = $1 AND period_key = $2`,
      [id, periodKey],
    );
    if (!closing) throw notFound('board_closing', `${id} ${periodKey}`);
    return {
      ...closing,
      closed: true,
      places: await query.frozenRanking(this.database.manager, closing.id, limit),
    };
  }

  /** Closes every period that is over and not closed yet; a board in a quiet week closes empty. */
  private async closeDue(): Promise<number> {
    let closed = 0;
    for (const board of this.programme.boards) {
      const period = await this.nextOpen(board);
      if (period && closesAt(board, period) <= this.clock.now().getTime())
        closed += await this.close(board, period);
    }
    return closed;
  }

  /** The period after the last closed one; before there is any, the one of the first ledger entry. */
  private async nextOpen(board: Board): Promise<Period | null> {
    const [row]: { from: Date | null }[] = await this.database.query(
      `SELECT COALESCE((SELECT max(end_at) FROM board_closings WHERE board = $1), (SELECT min(occurred_at) FROM ledger)) AS from`,
      [board.id],
    );
    return row?.from ? periodOf(board.period, row.from.getTime(), board.zone) : null;
  }

  private async nextClosing(): Promise<Date | null> {
    const open = await Promise.all(
      this.programme.boards.map(async (board) => ({ board, period: await this.nextOpen(board) })),
    );
    const dues = open.flatMap(({ board, period }) => (period ? [closesAt(board, period)] : []));
    return dues.length > 0 ? new Date(Math.min(...dues)) : null;
  }

  private async close(board: Board, period: Period): Promise<number> {
    return this.database.transaction(async (manager) => {
      const id = stableId('closing', board.id, period.key);
      if (!(await this.claim(manager, id, board, period))) return 0;
      const participants = await query.freeze(manager, id, new Date(period.start), new Date(period.end));
      await manager.query(`UPDATE board_closings SET participants = $2 WHERE id = $1`, [id, participants]);
      const late = this.clock.now().getTime() - closesAt(board, period);
      if (late <= TELL_WITHIN_MS) await this.tell(manager, id, board, period, participants);
      return 1;
    });
  }

  /** One replica closes a period, whoever comes first. */
  private async claim(manager: EntityManager, id: string, board: Board, period: Period): Promise<boolean> {
    const rows: object[] = await manager.query(
      `INSERT INTO board_closings (id, board, period_key, start_at, end_at, closed_at, participants)
       VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING RETURNING id`,
      [id, board.id, period.key, new Date(period.start), new Date(period.end), this.clock.now()],
    );
    return rows.length > 0;
  }

  private async tell(
    manager: EntityManager,
    id: string,
    board: Board,
    period: Period,
    participants: number,
  ): Promise<void> {
    const places = await query.frozenRanking(manager, id, TOLD_PLACES);
    const ranking = places.map(({ personId, rank, score }) => ({ personId, rank, score }));
    const data = {
      closingId: id,
      board: board.id,
      periodKey: period.key,
      ...boundsOf(period),
      participants,
      ranking,
    };
    await this.outbox.add(manager, [event('board.closed', data, { id: stableId('board.closed', id) })]);
  }

  private find(id: string): Board {
    const board = this.programme.boards.find((item) => item.id === id);
    if (!board) throw notFound('board', id);
    return board;
  }
}

const boundsOf = (period: Period): { start: string; end: string } => ({
  start: new Date(period.start).toISOString(),
  end: new Date(period.end).toISOString(),
});

function closesAt(board: Board, period: Period): number {
  const grace = parseDuration(board.grace);
  return grace.ok ? addDuration(period.end, grace.duration, board.zone) : period.end;
}
