import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { newId, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Audit } from '../audit/audit.service.js';
import { lockPeople } from '../badges/people.query.js';
import { HealingService } from './healing.service.js';

/** Days somebody does not work, both ends included. */
export interface Leave {
  id: string;
  from: string;
  to: string;
}

const LEAVE = `id, from_day::text AS "from", to_day::text AS "to"`;

/** Leave: what holidays are for one person. Streaks are frozen meanwhile, also when it is told afterwards. */
@Injectable()
export class LeaveService {
  constructor(
    private readonly database: DataSource,
    private readonly healing: HealingService,
    private readonly audit: Audit,
  ) {}

  /** In order of time. */
  list(personId: string): Promise<Leave[]> {
    return this.database.query(`SELECT ${LEAVE} FROM leave WHERE person_id = $1 ORDER BY from_day, id`, [
      personId,
    ]);
  }

  /** Throws `person_unknown`. */
  add(who: Caller, personId: string, { from, to }: Omit<Leave, 'id'>): Promise<Leave> {
    return this.change(personId, async (manager) => {
      const leave = { id: newId(), from, to };
      const known: object[] = await manager.query(
        `INSERT INTO leave (id, person_id, from_day, to_day) SELECT $1, id, $3, $4 FROM people WHERE id = $2 RETURNING id`,
        [leave.id, personId, from, to],
      );
      if (known.length === 0) throw notFound('person', personId);
      const what = `leave of ${personId}`;
      await this.audit.note(manager, { who, action: 'add', what, before: null, after: { from, to } });
      return leave;
    });
  }

  /** Throws `leave_unknown`. */
  remove(who: Caller, personId: string, id: string): Promise<void> {
    return this.change(personId, async (manager) => {
      const [[leave]]: [Leave[], number] = await manager.query(
        `DELETE FROM leave WHERE id = $1 AND person_id = $2 RETURNING ${LEAVE}`,
        [id, personId],
      );
      if (!leave) throw notFound('leave', id);
      const what = `leave of ${personId}`;
      await this.audit.note(manager, { who, action: 'remove', what, before: leave, after: null });
    });
  }

  private change<T>(personId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction(async (manager) => {
      await lockPeople(manager, [personId]);
      const done = await work(manager);
      await this.healing.heal(manager, personId);
      return done;
    });
  }
}
