import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { periodFromKey, periodOf } from '#libs/calendar';
import type { Period } from '#libs/calendar';
import { Clock, DomainError, notFound } from '#libs/platform';
import type { Board } from '#libs/scoring';
import { Person } from '../people/person.entity.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { boundsOf } from './closings.service.js';
import * as query from './closings.query.js';
import type { Closing } from './closings.query.js';
import { KnownClosings } from './known-closings.js';
import { LivePlaces } from './live-places.js';
import type { Page } from './live-places.js';
import { placeOf } from './place.js';
import type { Place } from './place.js';
import { RankingsService } from './rankings.service.js';

/** Which part of a board somebody wants; the running period unless one is named. */
export interface Wanted {
  period?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Leaderboards as they are read: from memory while they run, from the snapshot when they are closed. */
@Injectable()
export class BoardsService {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly programme: ProgrammeService,
    private readonly rankings: RankingsService,
    private readonly closed: KnownClosings,
  ) {}

  list(): Board[] {
    return this.programme.boards;
  }

  /** A page of places, best first. */
  async page(id: string, { period: key, cursor, limit }: Wanted): Promise<object> {
    const board = this.find(id);
    const { period, closing } = await this.periodOf(board, key);
    const head = { board: id, periodKey: period.key, ...boundsOf(period), closed: closing !== null };
    if (closing) return { ...head, ...closing, ...(await this.frozen(board, closing, cursor, limit)) };
    const live = await this.live(board, period);
    return { ...head, participants: live.participants, ...live.page(cursor, limit) };
  }

  closings(id: string): Promise<Closing[]> {
    this.find(id);
    return query.listClosings(this.database.manager, id);
  }

  async closing(id: string, periodKey: string, wanted: Wanted): Promise<object> {
    const closing = await query.findClosing(this.database.manager, id, periodKey);
    if (!closing) throw notFound('board_closing', `${id} ${periodKey}`);
    const board = this.programme.boards.find((item) => item.id === id) ?? gone(id);
    return { ...closing, closed: true, ...(await this.frozen(board, closing, wanted.cursor, wanted.limit)) };
  }

  /** Where somebody stands, or their group does, beside their own best of all closed periods. */
  async standing(id: string, personId: string, key?: string): Promise<object> {
    const board = this.find(id);
    const subject = await this.subjectOf(board, personId);
    const { period, closing } = await this.periodOf(board, key);
    const place = closing
      ? await this.frozenPlace(board, closing, subject)
      : (await this.live(board, period)).place(subject);
    const best = await query.ownBest(this.database.manager, id, subject);
    return { board: id, periodKey: period.key, closed: closing !== null, place, best };
  }

  /** The places around somebody, at most `span` on either side; none for somebody without a place. */
  async around(id: string, personId: string, span: number, key?: string): Promise<object> {
    const board = this.find(id);
    const subject = await this.subjectOf(board, personId);
    const { period, closing } = await this.periodOf(board, key);
    const places = closing
      ? await this.frozenAround(board, closing, subject, span)
      : (await this.live(board, period)).around(subject, span);
    return { board: id, periodKey: period.key, closed: closing !== null, places };
  }

  private async live(board: Board, period: Period): Promise<LivePlaces> {
    const kept = await this.rankings.of(board, period);
    return new LivePlaces(kept, this.rankings);
  }

  /** Throws `period_unknown` for a key that names no period of the board. */
  private async periodOf(
    board: Board,
    key: string | undefined,
  ): Promise<{ period: Period; closing: Closing | null }> {
    if (key === undefined)
      return { period: periodOf(board.period, this.clock.now().getTime(), board.zone), closing: null };
    const period = periodFromKey(key, board.zone);
    if (period?.kind !== board.period)
      throw new DomainError('period_unknown', 404, `${key} is no ${board.period} of this board.`);
    return { period, closing: await this.closed.find(board.id, period) };
  }

  private async frozen(
    board: Board,
    { id }: Closing,
    cursor: string | undefined,
    limit: number,
  ): Promise<Page> {
    const after = Number(cursor ?? 0);
    if (!Number.isInteger(after))
      throw new DomainError('cursor_wrong', 400, 'This cursor was not given by this board.');
    const places = await query.frozenPage(this.database.manager, id, after, limit + 1);
    const next = places.length > limit ? String(after + limit) : null;
    return { places: places.slice(0, limit).map((place) => placeOf(board, place)), cursor: next };
  }

  private async frozenPlace(board: Board, { id }: Closing, subject: string): Promise<Place | null> {
    const place = await query.frozenPlace(this.database.manager, id, subject);
    return place && placeOf(board, place, subject);
  }

  private async frozenAround(board: Board, { id }: Closing, subject: string, span: number): Promise<Place[]> {
    const own = await query.frozenPlace(this.database.manager, id, subject);
    if (!own) return [];
    const before = Math.max(0, own.place - 1 - span);
    const places = await query.frozenPage(this.database.manager, id, before, own.place + span - before);
    return places.map((place) => placeOf(board, place, subject));
  }

  private async subjectOf(board: Board, personId: string): Promise<string> {
    if (board.of === 'people') return personId;
    const person = await this.database.manager.findOneBy(Person, { id: personId });
    if (!person) throw notFound('person', personId);
    return person[board.of] ?? '';
  }

  private find(id: string): Board {
    const board = this.programme.boards.find((item) => item.id === id);
    if (!board) throw notFound('board', id);
    return board;
  }
}

function gone(id: string): never {
  throw notFound('board', id);
}
