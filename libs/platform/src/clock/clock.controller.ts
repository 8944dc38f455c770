import { Body, Controller, Get, HttpCode, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../access/decisions.js';
import { DomainError } from '../errors.js';
import { Clock, VirtualClock } from './clock.js';
import { Pollers } from './pollers.js';

const moveSchema = z.strictObject({ now: z.iso.datetime() });

/** The clock of this service: what time it is, what is still to do now, when the next thing falls due. */
@ApiTags('clock')
@Controller('clock')
export class ClockController {
  constructor(
    private readonly clock: Clock,
    private readonly pollers: Pollers,
  ) {}

  @Get()
  @Allow('admin')
  async read(): Promise<object> {
    return { mode: this.clock.mode, now: this.clock.now(), ...(await this.pollers.activity()) };
  }

  /** Moves a virtual clock forward and wakes everything that may be due. Refused on system time. */
  @Put()
  @HttpCode(200)
  @Allow('admin')
  move(@Body({ schema: moveSchema }) body: z.infer<typeof moveSchema>): object {
    if (!(this.clock instanceof VirtualClock)) {
      throw new DomainError(
        'clock_not_virtual',
        409,
        'This suite runs on system time; only a virtual clock can be moved.',
      );
    }
    if (!this.clock.moveTo(new Date(body.now))) {
      throw new DomainError(
        'clock_backwards',
        409,
        `The clock stands at ${this.clock.now().toISOString()} and never goes back.`,
      );
    }
    this.pollers.hintAll();
    return { now: this.clock.now() };
  }
}
