import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Period } from '#libs/calendar';
import { Clock } from '#libs/platform';
import { findClosing } from './closings.query.js';
import type { Closing } from './closings.query.js';

const KEPT_AT_MOST = 1_000;

/** Closings in memory: nothing closes before its end, and what is closed stays as it is. Most reads ask the database nothing. */
@Injectable()
export class KnownClosings {
  private readonly known = new Map<string, Closing>();

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Null while the period is open. */
  async find(board: string, period: Period): Promise<Closing | null> {
    if (period.end > this.clock.now().getTime()) return null;
    const key = `${board} ${period.key}`;
    const known = this.known.get(key);
    if (known) return known;
    const found = await findClosing(this.database.manager, board, period.key);
    if (found) this.remember(key, found);
    return found;
  }

  private remember(key: string, closing: Closing): void {
    if (this.known.size >= KEPT_AT_MOST) this.known.clear();
    this.known.set(key, closing);
  }
}
