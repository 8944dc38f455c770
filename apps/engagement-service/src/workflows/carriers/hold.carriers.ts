import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { localToInstant, windowOf } from '#libs/calendar';
import { Clock } from '#libs/platform';
import type { HoldEffect, ReleaseEffect } from '#libs/workflow';
import { HoldsService } from '../../scoring/holds.service.js';
import { isId } from './carrier.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

const DISAGREES = 'The person disagrees.';

/** Points are set aside, each hold under the key of its intent; appeals are noted. */
@Injectable()
export class HoldCarrier implements Carrier<'hold'> {
  readonly type = 'hold';

  constructor(
    private readonly holds: HoldsService,
    private readonly clock: Clock,
  ) {}

  whatOf({ gains, appeal, entries = [] }: HoldEffect): string {
    if (appeal !== undefined) return `appeal against hold ${appeal}`;
    return gains ? `points of ${gains.rule}, ${gains.window}` : `${entries.length} ledger entries`;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<HoldEffect>[]): Promise<Aftermath> {
    const refusals = [];
    for (const item of wanted) {
      const { appeal, reason } = item.effect;
      if (appeal === undefined) {
        if (!(await this.setAside(manager, item)))
          refusals.push({ wanted: item, reason: 'there was nothing to set aside' });
      } else if (!isId(appeal) || !(await this.holds.appeal(manager, appeal, reason ?? DISAGREES)))
        refusals.push({ wanted: item, reason: `hold "${appeal}" is not open, or was appealed already` });
    }
    return { refusals };
  }

  /** Whether there was anything. */
  private async setAside(manager: EntityManager, { run, effect }: Wanted<HoldEffect>): Promise<boolean> {
    const { entries = [], gains, intentKey, reason } = effect;
    const ids = gains ? await this.entriesOf(manager, gains) : entries.filter(isId);
    const why = reason ?? `Set aside by the workflow "${run.workflowId}".`;
    return ids.length > 0 && (await this.holds.hold(manager, intentKey, ids, why)) > 0;
  }

  /** What a rule has given somebody in a window of their own calendar. */
  private async entriesOf(
    manager: EntityManager,
    { rule, window, personId }: NonNullable<HoldEffect['gains']>,
  ): Promise<string[]> {
    const [person]: { zone: string }[] = await manager.query(`SELECT zone FROM people WHERE id = $1`, [
      personId,
    ]);
    const dates = person ? windowOf(window, this.clock.now().getTime(), person.zone) : null;
    if (!person || !dates) return [];
    const at = (date: string): string => new Date(localToInstant(date, '00:00', person.zone)).toISOString();
    const rows: { id: string }[] = await manager.query(
      `SELECT id FROM ledger WHERE person_id = $1 AND rule = $2 AND kind = 'earn' AND occurred_at >= $3 AND occurred_at < $4`,
      [personId, rule, at(dates.fromDate), at(dates.toDateExclusive)],
    );
    return rows.map(({ id }) => id);
  }
}

/** What was set aside is given back. */
@Injectable()
export class ReleaseCarrier implements Carrier<'release'> {
  readonly type = 'release';

  constructor(private readonly holds: HoldsService) {}

  whatOf(): string {
    return 'points that were set aside';
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<ReleaseEffect>[]): Promise<void> {
    for (const { run, effect } of wanted) {
      const reason = effect.reason ?? `Given back by the workflow "${run.workflowId}".`;
      await this.holds.release(manager, { key: effect.held }, reason);
    }
  }
}
