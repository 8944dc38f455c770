import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { PeopleService } from '../people/people.service.js';

const pageQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) });

/** Points, each with the reason it was given, and the reason others were not. */
@ApiTags('points')
@Controller('engagement')
export class PointsController {
  constructor(
    private readonly database: DataSource,
    private readonly people: PeopleService,
  ) {}

  @Get('people/:id/points')
  @Allow('hr')
  async points(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<object> {
    await this.people.get(id);
    const [balance]: object[] = await this.database.query(
      `SELECT balance, lifetime FROM balances WHERE person_id = $1`,
      [id],
    );
    return {
      ...(balance ?? { balance: 0, lifetime: 0 }),
      entries: await this.rows('ledger', id, query.limit),
      refusals: await this.rows('refusals', id, query.limit),
    };
  }

  /** Totals of the whole programme, straight from the ledger. */
  @Get('points/summary')
  @Allow('hr')
  async summary(): Promise<object> {
    const byRule: object[] = await this.database.query(
      `SELECT rule, count(*) AS entries, sum(points) AS points, count(DISTINCT person_id) AS people FROM ledger GROUP BY rule ORDER BY rule`,
    );
    const [totals]: object[] = await this.database.query(
      `SELECT COALESCE(sum(points), 0) AS points, (SELECT COALESCE(sum(balance), 0)::bigint FROM balances) AS balances FROM ledger`,
    );
    return { ...totals, byRule };
  }

  private rows(table: 'ledger' | 'refusals', personId: string, limit: number): Promise<object[]> {
    return this.database.query(
      `SELECT t.id, points, t.rule, rule_version AS "ruleVersion", source_event_id AS "sourceEventId", reason,
         t.occurred_at AS "occurredAt", activities.type AS "activityType"
       FROM ${table} t LEFT JOIN activities ON activities.id = t.source_event_id
       WHERE t.person_id = $1 ORDER BY t.occurred_at DESC, t.id LIMIT $2`,
      [personId, limit],
    );
  }
}
