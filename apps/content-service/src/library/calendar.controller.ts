import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isZone } from '#libs/calendar';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { ScheduleService } from './schedule.service.js';
import type { CalendarEntry } from './schedule.query.js';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 400;
const weekdays = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const once = (items: readonly unknown[]): boolean => new Set(items).size === items.length;

const planSchema = z.strictObject({
  postIds: z
    .array(z.uuid().transform((id) => id.toLowerCase()))
    .min(1)
    .max(500)
    .refine(once, 'names a post twice'),
  /** The first local date. */
  from: z.iso.date(),
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .transform((days) => days.map((day) => weekdays.indexOf(day) + 1)),
  /** Local times. */
  at: z
    .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day such as 09:00'))
    .min(1)
    .max(48),
  /** That of the programme unless given. */
  zone: z.string().refine(isZone, 'is not an IANA time zone such as Europe/Rome').optional(),
  perDay: z.int().min(1).max(48).default(1),
  dryRun: z.boolean().default(false),
});
const calendarQuery = z
  .strictObject({ from: instant, to: instant })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must lie after from' })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= LONGEST_DAYS * DAY_MS, {
    path: ['to'],
    message: `must lie at most ${LONGEST_DAYS} days after from`,
  });

/** What comes when. */
@ApiTags('library')
@Controller('content')
export class CalendarController {
  constructor(private readonly schedule: ScheduleService) {}

  /** What came out, will come out, comes again or expires in [from, to), oldest first. */
  @Get('calendar')
  @Allow('hr', 'partner')
  calendar(
    @Query({ schema: calendarQuery }) { from, to }: z.infer<typeof calendarQuery>,
  ): Promise<CalendarEntry[]> {
    return this.schedule.calendar(from, to);
  }

  /** Gives many posts the next free slots, all or none; `dryRun` only shows them. */
  @Post('posts/schedule')
  @HttpCode(200)
  @Allow('hr')
  plan(
    @Body({ schema: planSchema }) body: z.infer<typeof planSchema>,
    @CalledBy() who: Caller,
  ): Promise<object> {
    return this.schedule.plan(body, who);
  }
}
