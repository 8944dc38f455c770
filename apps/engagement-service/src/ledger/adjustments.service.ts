import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, newId, stableId } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Audit } from '../audit/audit.service.js';
import { LevelsService } from '../levels/levels.service.js';
import { PeopleService } from '../people/people.service.js';
import { lockPeople, postEntries } from '../scoring/scoring.query.js';
import type { NewEntry } from '../scoring/scoring.query.js';
import { BY_HAND } from './ledger.js';

/** Points given or taken by hand. */
export interface Adjusting {
  /** Makes telling the same adjustment again harmless. */
  id?: string | undefined;
  points: number;
  reason: string;
}

/** What became of it. */
export interface Adjusted {
  entryId: string;
  personId: string;
  points: number;
  reason: string;
  balance: number;
}

/** Corrections by hand: an entry of their own with a reason, told to the person, and noted in the audit. */
@Injectable()
export class AdjustmentsService {
  constructor(
    private readonly database: DataSource,
    private readonly people: PeopleService,
    private readonly levels: LevelsService,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Once for each id. Throws `person_unknown`, and `adjustment_differs` when the id was another adjustment's. */
  async adjust(who: Caller, personId: string, ask: Adjusting): Promise<Adjusted> {
    await this.people.get(personId);
    const entry = entryOf(personId, ask, this.clock.now());
    return this.database.transaction(async (manager) => {
      await lockPeople(manager, [personId]);
      const [posted] = await postEntries(manager, [entry], entry.occurredAt);
      if (posted) await this.tell(manager, who, posted);
      else await mustBeSame(manager, entry);
      return { ...shown(entry), balance: await balanceOf(manager, personId) };
    });
  }

  private async tell(manager: EntityManager, who: Caller, entry: NewEntry): Promise<void> {
    const after = shown(entry);
    await this.outbox.add(manager, [
      event('points.adjusted', after, { id: stableId('points.adjusted', entry.id) }),
    ]);
    await this.levels.reach(manager, [entry]);
    await this.audit.note(manager, {
      who,
      action: 'adjust',
      what: `points ${entry.personId}`,
      before: null,
      after,
    });
  }
}

function entryOf(personId: string, { id, points, reason }: Adjusting, now: Date): NewEntry {
  const entryId = id ?? newId();
  return {
    id: entryId,
    personId,
    kind: 'adjust',
    points,
    rule: BY_HAND,
    ruleVersion: 1,
    sourceEventId: entryId,
    reason,
    occurredAt: now,
  };
}

const shown = ({ id, personId, points, reason }: NewEntry): Omit<Adjusted, 'balance'> => ({
  entryId: id,
  personId,
  points,
  reason,
});

async function mustBeSame(manager: EntityManager, { id, personId, points, reason }: NewEntry): Promise<void> {
  const same: object[] = await manager.query(
    `SELECT FROM ledger WHERE id = $1 AND person_id = $2 AND points = $3 AND reason = $4 AND kind = 'adjust'`,
    [id, personId, points, reason],
  );
  if (same.length === 0)
    throw new DomainError('adjustment_differs', 409, `The id "${id}" is another entry's already.`);
}

async function balanceOf(manager: EntityManager, personId: string): Promise<number> {
  const [row]: { balance: number }[] = await manager.query(
    `SELECT balance FROM balances WHERE person_id = $1`,
    [personId],
  );
  return row!.balance;
}
