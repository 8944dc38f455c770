import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { LeaveService } from './leave.service.js';
import type { Leave } from './leave.service.js';
import { StandingsService } from './standings.service.js';
import type { PersonStreak } from './standings.service.js';

const date = z.iso.date('is not a date such as 2026-01-31');
/** Both days included; at most two years. */
const leaveSchema = z
  .strictObject({ from: date, to: date })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'lies before "from"' })
  .refine(({ from, to }) => Number(to.slice(0, 4)) - Number(from.slice(0, 4)) <= 2, {
    path: ['to'],
    message: 'lies more than two years after "from"',
  });
const reasonSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** Days and weeks in a row, and the leave that freezes them. */
@ApiTags('streaks')
@Controller('engagement/people')
export class StreaksController {
  constructor(
    private readonly standings: StandingsService,
    private readonly leave: LeaveService,
  ) {}

  /** Every streak of the programme: how long it is now, the longest ever, and whether today is done, open or off. */
  @Get(':id/streaks')
  @Allow('hr')
  streaks(@Param('id', { schema: z.uuid().toLowerCase() }) id: string): Promise<PersonStreak[]> {
    return this.standings.ofPerson(id);
  }

  /** Mends a streak that broke through no fault of the person: the days that broke it are excused. */
  @Post(':id/streaks/:streak/restore')
  @HttpCode(200)
  @Allow('admin')
  restore(
    @Param('id', { schema: z.uuid().toLowerCase() }) id: string,
    @Param('streak') streak: string,
    @Body({ schema: reasonSchema }) body: z.infer<typeof reasonSchema>,
    @CalledBy() who: Caller,
  ): Promise<PersonStreak> {
    return this.standings.restore(who, id, streak, body.reason);
  }

  @Get(':id/leave')
  @Allow('hr')
  listLeave(@Param('id', { schema: z.uuid().toLowerCase() }) id: string): Promise<Leave[]> {
    return this.leave.list(id);
  }

  /** Adds leave, also afterwards: what broke a streak meanwhile is mended. */
  @Post(':id/leave')
  @Allow('hr')
  addLeave(
    @Param('id', { schema: z.uuid().toLowerCase() }) id: string,
    @Body({ schema: leaveSchema }) body: z.infer<typeof leaveSchema>,
    @CalledBy() who: Caller,
  ): Promise<Leave> {
    return this.leave.add(who, id, body);
  }

  @Delete(':id/leave/:leave')
  @HttpCode(204)
  @Allow('hr')
  removeLeave(
    @Param('id', { schema: z.uuid().toLowerCase() }) id: string,
    @Param('leave', { schema: z.uuid().toLowerCase() }) leave: string,
    @CalledBy() who: Caller,
  ): Promise<void> {
    return this.leave.remove(who, id, leave);
  }
}
