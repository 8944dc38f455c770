import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { suspicionsOf } from '#libs/scoring';
import type { Activity, FairPlayCheck } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import type { HoldAsk } from '../scoring/holds.query.js';
import { HoldsService } from '../scoring/holds.service.js';
import { confirmed } from './near.query.js';

/** A gain that was just posted. */
export interface Gain {
  id: string;
  sourceEventId: string;
}

/** Holds what activities have just brought that look too good, with the reason, until somebody has looked. */
@Injectable()
export class FairPlayService {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly holds: HoldsService,
  ) {}

  /** Only what has brought points is asked about; one question to the log for a whole batch. */
  async check(
    manager: EntityManager,
    activities: readonly Activity[],
    gains: readonly Gain[],
  ): Promise<void> {
    const checks = this.programme.fairPlay;
    if (checks.length === 0 || gains.length === 0) return;
    const sources = new Set(gains.map(({ sourceEventId }) => sourceEventId));
    const { certain, questions } = suspicionsOf(
      activities.filter(({ id }) => sources.has(id)),
      checks,
    );
    const batch = activities.map(({ id }) => id);
    const found = [...certain, ...(await confirmed(manager, questions, batch))];
    if (found.length > 0) await this.holds.holdEach(manager, asksOf(found, gains));
  }
}

const asksOf = (
  found: readonly { check: FairPlayCheck; activity: Activity }[],
  gains: readonly Gain[],
): HoldAsk[] =>
  found.flatMap(({ check, activity }) =>
    gains
      .filter(({ sourceEventId }) => sourceEventId === activity.id)
      .map(({ id }) => ({
        key: `fair-play:${check.id}`,
        entryId: id,
        reason: check.name,
        cause: check.id,
      })),
  );
