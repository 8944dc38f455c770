import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '#libs/platform';
import type { Contribution } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import { noteMoments } from './scores.query.js';

/** Tells boards, leagues and challenges of metrics when these move; points tell of themselves. */
@Injectable()
export class MomentsService {
  private moved = (): void => undefined;

  constructor(private readonly programme: ProgrammeService) {}

  /** Called after something has moved and is committed: a hint, nothing more. */
  onMoved(moved: () => void): void {
    this.moved = moved;
  }

  /** In the transaction that moves the metrics; metrics that nothing ranks cost nothing. */
  async note(manager: EntityManager, contributions: readonly Contribution[]): Promise<void> {
    const { boards, leagues, challenges } = this.programme;
    const metrics = new Set([...boards, ...leagues, ...challenges].map(({ metric }) => metric));
    const mine = contributions.filter(({ metric }) => metrics.has(metric));
    if (mine.length > 0) await noteMoments(manager, mine);
    if (challenges.length > 0) afterCommit(manager, this.moved);
  }
}
