import { Injectable } from '@nestjs/common';
import { watchesOf } from '#libs/scoring';
import type { Watch } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';

/** The thresholds badges and workflows want to hear of. */
@Injectable()
export class Watches {
  private ofWorkflows: readonly Watch[] = [];
  private readonly ofBadges: readonly Watch[];

  constructor(programme: ProgrammeService) {
    this.ofBadges = watchesOf(programme.badges);
  }

  setWorkflowWatches(watches: readonly Watch[]): void {
    this.ofWorkflows = watches;
  }

  all(): readonly Watch[] {
    return [...this.ofBadges, ...this.ofWorkflows];
  }
}
