import { Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { WishesService } from './wishes.service.js';

const uuid = { schema: z.uuid().toLowerCase() };

/** What somebody saves for. */
@ApiTags('rewards')
@Controller('engagement/people/:personId/wishes')
export class WishesController {
  constructor(private readonly wishes: WishesService) {}

  @Get()
  @Allow('hr', 'partner')
  list(@Param('personId', uuid) personId: string): Promise<object[]> {
    return this.wishes.list(personId);
  }

  /** When there are points enough, `wish.reachable` tells it once. */
  @Put(':reward')
  @Allow('hr', 'partner')
  wish(@Param('personId', uuid) personId: string, @Param('reward') reward: string): Promise<object[]> {
    return this.wishes.wish(personId, reward);
  }

  @Delete(':reward')
  @Allow('hr', 'partner')
  unwish(@Param('personId', uuid) personId: string, @Param('reward') reward: string): Promise<object[]> {
    return this.wishes.unwish(personId, reward);
  }
}
