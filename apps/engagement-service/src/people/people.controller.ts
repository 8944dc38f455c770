import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, DomainError } from '#libs/platform';
import { readPeopleCsv } from './csv.js';
import { PeopleService } from './people.service.js';
import type { Person } from './person.entity.js';
import { personPatchSchema, personSchema } from './person.schema.js';
import type { PersonInput, PersonPatch } from './person.schema.js';
import { TeamsService } from './teams.service.js';

const listQuery = z.strictObject({
  team: z.string().optional(),
  email: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});
const teamSchema = z.strictObject({ leadId: z.uuid().nullable() });
const csvSchema = z.string({ error: 'send the file itself with "Content-Type: text/csv"' });

/** Colleagues and their teams. */
@ApiTags('people')
@Controller('engagement')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly teams: TeamsService,
  ) {}

  /** Adds a person, or updates the one with this e-mail. */
  @Post('people')
  @Allow('hr')
  async add(@Body({ schema: personSchema }) body: PersonInput): Promise<Person> {
    const { upserted, rejected } = await this.people.upsert([body]);
    if (rejected[0]) throw new DomainError('person_rejected', 422, rejected[0].reason);
    return this.people.get(upserted[0]!.id);
  }

  /** Imports a CSV: good rows are taken over, broken ones come back with their line and the mend. */
  @Post('people/import')
  @HttpCode(200)
  @ApiConsumes('text/csv')
  @ApiBody({
    schema: { type: 'string', example: 'email,name,zone,team\nada@example.com,Ada,Europe/Rome,Sales' },
  })
  @Allow('hr')
  async import(@Body({ schema: csvSchema }) csv: string): Promise<object> {
    const { people, broken } = readPeopleCsv(csv);
    const { upserted, rejected } = await this.people.upsert(people.map(({ person }) => person));
    const lines = new Map(people.map(({ line, person }) => [person.email, line]));
    const created = upserted.filter((person) => person.created).length;
    const refused = rejected.map(({ email, reason }) => ({ line: lines.get(email)!, errors: [reason] }));
    return {
      created,
      updated: upserted.length - created,
      rejected: [...broken, ...refused].sort((a, b) => a.line - b.line),
    };
  }

  @Get('people')
  @Allow('hr')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<Person[]> {
    return this.people.list(query);
  }

  @Get('people/:id')
  @Allow('hr')
  get(@Param('id', { schema: z.uuid() }) id: string): Promise<Person> {
    return this.people.get(id);
  }

  @Patch('people/:id')
  @Allow('hr')
  patch(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: personPatchSchema }) body: PersonPatch,
  ): Promise<Person> {
    return this.people.patch(id, body);
  }

  @Get('teams')
  @Allow('hr')
  listTeams(): Promise<object[]> {
    return this.teams.list();
  }

  /** Names who leads a team; they lead everyone in it without a lead of their own. */
  @Put('teams/:name')
  @Allow('hr')
  putTeam(
    @Param('name') name: string,
    @Body({ schema: teamSchema }) body: z.infer<typeof teamSchema>,
  ): Promise<object> {
    return this.teams.put(name, body.leadId);
  }
}
