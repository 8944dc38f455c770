import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { BoardsService } from './boards.service.js';

const period = z.string().max(20).optional();
const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.string().max(100).optional(),
  /** A period by its key, such as 2026-W03; without it the running one. */
  period,
});
const standingQuery = z.strictObject({ period });
const aroundQuery = z.strictObject({ span: z.coerce.number().int().min(1).max(100).default(5), period });
const uuid = { schema: z.uuid().toLowerCase() };

/** Leaderboards. Who does not want to be seen keeps their place: `hidden`, without an id. */
@ApiTags('boards')
@Controller('engagement/boards')
export class BoardsController {
  constructor(private readonly boards: BoardsService) {}

  @Get()
  @Allow('hr', 'partner')
  list(): object[] {
    return this.boards.list();
  }

  /** The places of a period, best first; `cursor` leads to the next page. */
  @Get(':id')
  @Allow('hr', 'partner')
  page(
    @Param('id') id: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<object> {
    return this.boards.page(id, query);
  }

  @Get(':id/closings')
  @Allow('hr', 'partner')
  closings(@Param('id') id: string): Promise<object[]> {
    return this.boards.closings(id);
  }

  /** A closed period by its key, such as 2026-W03. */
  @Get(':id/closings/:periodKey')
  @Allow('hr', 'partner')
  closing(
    @Param('id') id: string,
    @Param('periodKey') periodKey: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<object> {
    return this.boards.closing(id, periodKey, query);
  }

  /** Where somebody stands (on a board of groups: where their group does), and their own best. */
  @Get(':id/people/:personId')
  @Allow('hr', 'partner')
  standing(
    @Param('id') id: string,
    @Param('personId', uuid) personId: string,
    @Query({ schema: standingQuery }) query: z.infer<typeof standingQuery>,
  ): Promise<object> {
    return this.boards.standing(id, personId, query.period);
  }

  /** The places around somebody. */
  @Get(':id/people/:personId/around')
  @Allow('hr', 'partner')
  around(
    @Param('id') id: string,
    @Param('personId', uuid) personId: string,
    @Query({ schema: aroundQuery }) query: z.infer<typeof aroundQuery>,
  ): Promise<object> {
    return this.boards.around(id, personId, query.span, query.period);
  }
}
