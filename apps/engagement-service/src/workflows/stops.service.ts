import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EventOf } from '#libs/contracts';
import { isId } from './carriers/carrier.js';
import { CarefulDriver } from './careful.service.js';
import { lockRequested } from './runs.query.js';

/** Ends runs because a workflow wants it (`stop: { workflow: … }`). */
@Injectable()
export class StopsService {
  constructor(private readonly driver: CarefulDriver) {}

  /** Runs that were triggered after the stop was wanted go on. */
  async take(manager: EntityManager, stops: readonly EventOf<'workflow.stop_requested'>[]): Promise<void> {
    for (const { data, time } of stops) {
      const { personId, key, reason } = data;
      if (personId !== null && !isId(personId)) continue;
      if (personId === null && key === null) continue;
      const runs = await lockRequested(manager, { ...data, at: new Date(time) });
      const input = { type: 'cancelled', reason } as const;
      if (runs.length > 0)
        await this.driver.move(
          manager,
          runs.map((stored) => ({ ...stored, input })),
        );
    }
  }
}
