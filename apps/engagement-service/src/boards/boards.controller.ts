import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { BoardsService } from './boards.service.js';

const pageQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(50) });

/** Leaderboards. */
@ApiTags('boards')
@Controller('engagement/boards')
export class BoardsController {
  constructor(private readonly boards: BoardsService) {}

  @Get()
  @Allow('hr', 'partner')
  list(): object[] {
    return this.boards.list();
  }

  /** The running period. */
  @Get(':id')
  @Allow('hr', 'partner')
  live(
    @Param('id') id: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<object> {
    return this.boards.live(id, query.limit);
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
    return this.boards.closing(id, periodKey, query.limit);
  }
}
