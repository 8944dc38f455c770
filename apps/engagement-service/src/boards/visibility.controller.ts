import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { PeopleService } from '../people/people.service.js';

const visibilitySchema = z.strictObject({ hidden: z.boolean() });
const uuid = { schema: z.uuid().toLowerCase() };

/** Whether somebody's name stands on boards: the place stays theirs either way. Mails and pages follow. */
@ApiTags('people')
@Controller('engagement/people/:personId/visibility')
export class VisibilityController {
  constructor(private readonly people: PeopleService) {}

  @Get()
  @Allow('hr', 'partner')
  async get(@Param('personId', uuid) personId: string): Promise<object> {
    const { consentsRanking } = await this.people.get(personId);
    return { personId, hidden: !consentsRanking };
  }

  @Put()
  @Allow('hr', 'partner')
  async put(
    @Param('personId', uuid) personId: string,
    @Body({ schema: visibilitySchema }) { hidden }: z.infer<typeof visibilitySchema>,
  ): Promise<object> {
    await this.people.patch(personId, { consentsRanking: !hidden });
    return { personId, hidden };
  }
}
