import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { watchesOf } from '#libs/scoring';
import type { Crossing, Watch } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';

/** The thresholds badges and workflows want to hear of. */
@Injectable()
export class Watches {
  private ofWorkflows: readonly Watch[] = [];
  private moved: (manager: EntityManager, personIds: readonly string[]) => Promise<void> = () =>
    Promise.resolve();

  constructor(private readonly programme: ProgrammeService) {}

  setWorkflowWatches(watches: readonly Watch[]): void {
    this.ofWorkflows = watches;
  }

  /** Whether a workflow starts at a threshold: what only brings a badge is told as the badge. */
  isAwaited({ metric, per, threshold }: Pick<Crossing, 'metric' | 'per' | 'threshold'>): boolean {
    return this.ofWorkflows.some(
      (watch) => watch.metric === metric && watch.per === per && watch.reaches === threshold,
    );
  }

  /** Called, in the transaction that does it, with the people whose metrics have moved. */
  onMoved(moved: (manager: EntityManager, personIds: readonly string[]) => Promise<void>): void {
    this.moved = moved;
  }

  tellMoved(manager: EntityManager, personIds: readonly string[]): Promise<void> {
    return this.moved(manager, personIds);
  }

  all(): readonly Watch[] {
    return [...watchesOf(this.programme.badges), ...this.ofWorkflows];
  }
}
