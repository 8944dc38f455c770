import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { localDate } from '#libs/calendar';
import { Allow, Clock, notFound } from '#libs/platform';
import { isWindowText, windowOf } from '#libs/scoring';
import { PeopleService } from '../people/people.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { readWindow } from './windows.query.js';
import type { Whose } from './windows.query.js';

const window = z
  .string()
  .refine(isWindowText, 'is not a window such as today, week, month, quarter, 30d, previous_week or all_time')
  .default('month');
const windowQuery = z.strictObject({ window });
const programmeQuery = z.strictObject({ window, team: z.string().min(1).optional() });

/** The programme's metrics over any window, for a person, a team or everybody. */
@ApiTags('metrics')
@Controller('engagement')
export class MetricsController {
  constructor(
    private readonly database: DataSource,
    private readonly people: PeopleService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** Of one person; the window is seen from the present day where the person lives. */
  @Get('people/:id/metrics')
  @Allow('hr')
  async ofPerson(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: windowQuery }) query: z.infer<typeof windowQuery>,
  ): Promise<object> {
    const { zone } = await this.people.get(id);
    return { personId: id, ...(await this.read({ personId: id }, query.window, zone)) };
  }

  /** Of everybody or of a team, by the local days of each person; the window is seen from the programme's zone. */
  @Get('metrics')
  @Allow('hr')
  async ofProgramme(
    @Query({ schema: programmeQuery }) { window: name, team }: z.infer<typeof programmeQuery>,
  ): Promise<object> {
    const { zone } = this.programme.settings;
    if (team === undefined) return this.read('everybody', name, zone);
    const known: object[] = await this.database.query(`SELECT FROM teams WHERE name = $1`, [team]);
    if (known.length === 0) throw notFound('team', team);
    return { team, ...(await this.read({ team }, name, zone)) };
  }

  private async read(whose: Whose, name: string, zone: string): Promise<object> {
    const days = windowOf(name, localDate(this.clock.now().getTime(), zone))!;
    const values = await readWindow(this.database.manager, whose, days);
    const metrics = Object.entries(this.programme.metrics).map(([metric, definition]) => ({
      metric,
      name: definition.name,
      value: Math.round((values.get(metric) ?? 0) * 100) / 100,
    }));
    return { window: name, from: days.from, to: days.to, metrics };
  }
}
