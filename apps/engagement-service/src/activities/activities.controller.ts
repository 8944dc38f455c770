import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { events } from '#libs/contracts';
import { Allow } from '#libs/platform';
import { ActivitiesService } from './activities.service.js';

/** What services tell each other, and what starts workflows by hand: reported as an activity it would be a forgery. */
const reserved = new Set([
  ...Object.keys(events),
  'workflow.started',
  'schedule',
  'audience.entered',
  'audience.left',
  'metric.dropped',
]);

const activitySchema = z.strictObject({
  /** Give one (a UUID) to make a repeated report harmless. */
  id: z
    .uuid()
    .transform((id) => id.toLowerCase())
    .optional(),
  type: z
    .string()
    .regex(/^[a-z]+(\.[a-z_]+)+$/, 'is not a type such as training.attended')
    .refine((type) => !reserved.has(type), 'is told by Laurel itself and cannot be reported'),
  personId: z.uuid().transform((id) => id.toLowerCase()),
  objectId: z.string().max(200).nullish(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  data: z.record(z.string(), z.json()).default({}),
});
/** One activity or a batch of up to 1,000. */
const reportSchema = z.union([activitySchema, z.array(activitySchema).min(1).max(1000)]);
const pageQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) });

/** The log of activities. */
@ApiTags('activities')
@Controller('engagement')
export class ActivitiesController {
  constructor(private readonly activities: ActivitiesService) {}

  /** Records one activity or a batch, all or nothing; what was recorded before is not counted again. */
  @Post('activities')
  @HttpCode(200)
  @Allow('hr', 'partner')
  report(@Body({ schema: reportSchema }) body: z.infer<typeof reportSchema>): Promise<object> {
    return this.activities.report(Array.isArray(body) ? body : [body]);
  }

  @Get('people/:id/activities')
  @Allow('hr')
  list(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<object[]> {
    return this.activities.ofPerson(id, query.limit);
  }
}
