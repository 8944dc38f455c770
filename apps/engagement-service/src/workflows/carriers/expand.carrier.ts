import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { ExpandEffect } from '#libs/workflow';
import { shareEvent } from '../runs-store.query.js';
import type { Carrier, Wanted } from './carrier.js';

/** A for_each becomes a fan-out to be worked off; its branches share the event of the run. */
@Injectable()
export class ExpandCarrier implements Carrier<'expand'> {
  readonly type = 'expand';

  constructor(private readonly clock: Clock) {}

  async carryOut(manager: EntityManager, wanted: readonly Wanted<ExpandEffect>[]): Promise<void> {
    for (const item of wanted) await this.open(manager, item);
  }

  private async open(manager: EntityManager, wanted: Wanted<ExpandEffect>): Promise<void> {
    const { run, effect, triggeredAt } = wanted;
    if (!wanted.eventOf) await shareEvent(manager, run.rootId, run.event);
    await manager.query(
      `INSERT INTO expansions (id, workflow_id, version, state, run_id, step_id, items, audience, triggered_at, created_at)
       VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
      [
        `${run.id}/${effect.stepId}`,
        run.workflowId,
        run.version,
        run.id,
        effect.stepId,
        effect.items ? JSON.stringify(effect.items) : null,
        effect.audience ?? null,
        new Date(triggeredAt),
        this.clock.now(),
      ],
    );
  }
}
