import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { Allow, CalledBy, DomainError, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Audit } from '../audit/audit.service.js';
import { HOLD } from './explanation.query.js';
import { HoldsService } from './holds.service.js';

const listQuery = z.strictObject({
  /** `held` has those that were appealed as well. */
  state: z.enum(['held', 'appealed', 'released', 'reversed']).optional(),
  personId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const reasonSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });
type Reason = z.infer<typeof reasonSchema>;

/** Points in doubt, for whoever reviews them. */
@ApiTags('holds')
@Controller('engagement/holds')
export class HoldsController {
  constructor(
    private readonly database: DataSource,
    private readonly holds: HoldsService,
    private readonly audit: Audit,
  ) {}

  /** Newest first. */
  @Get()
  @Allow('hr')
  list(
    @Query({ schema: listQuery }) { state, personId, limit }: z.infer<typeof listQuery>,
  ): Promise<object[]> {
    return this.database.query(
      `SELECT ${HOLD} FROM holds WHERE ($1::text IS NULL OR state = $1 OR ($1 = 'appealed' AND state = 'held' AND appealed_at IS NOT NULL)) AND ($2::uuid IS NULL OR person_id = $2)
       ORDER BY held_at DESC, id LIMIT $3`,
      [state ?? null, personId ?? null, limit],
    );
  }

  /** Gives the points back. */
  @Post(':id/release')
  @HttpCode(200)
  @Allow('hr')
  release(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: reasonSchema }) { reason }: Reason,
    @CalledBy() who: Caller,
  ): Promise<object> {
    return this.settle(who, 'release', id, (manager) => this.holds.release(manager, { id }, reason));
  }

  /** Takes the points back for good. */
  @Post(':id/reverse')
  @HttpCode(200)
  @Allow('hr')
  reverse(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: reasonSchema }) { reason }: Reason,
    @CalledBy() who: Caller,
  ): Promise<object> {
    return this.settle(who, 'reverse', id, (manager) => this.holds.reverseHeld(manager, { id }, reason));
  }

  /** Notes what the person says against it, once, while the points are held; whoever reviews is told. */
  @Post(':id/appeal')
  @HttpCode(200)
  @Allow('hr')
  appeal(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: reasonSchema }) { reason }: Reason,
    @CalledBy() who: Caller,
  ): Promise<object> {
    return this.settle(who, 'appeal', id, async (manager) =>
      (await this.holds.appeal(manager, id, reason)) ? 1 : 0,
    );
  }

  private async settle(who: Caller, action: string, id: string, work: Settling): Promise<object> {
    return this.database.transaction(async (manager) => {
      const before = await readHold(manager, id);
      if (!before) throw notFound('hold', id);
      if ((await work(manager)) === 0) {
        const { state } = (await readHold(manager, id))!;
        throw new DomainError('hold_settled', 409, `This hold is ${state} already.`);
      }
      const after = (await readHold(manager, id))!;
      await this.audit.note(manager, { who, action, what: `hold ${id}`, before, after });
      return after;
    });
  }
}

type Settling = (manager: EntityManager) => Promise<number>;

async function readHold(manager: EntityManager, id: string): Promise<{ state: string } | undefined> {
  const [hold]: { state: string }[] = await manager.query(`SELECT ${HOLD} FROM holds WHERE id = $1`, [id]);
  return hold;
}
