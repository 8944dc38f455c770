import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Public } from '../access/decisions.js';
import { DomainError } from '../errors.js';
import { Readiness } from './readiness.js';

/** For orchestrators: alive says the process answers, ready says its database and broker do as well. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: DataSource,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @Public('an orchestrator has no key')
  live(): object {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public('an orchestrator has no key; the answer names parts, no data')
  async ready(): Promise<object> {
    const parts = { ...this.readiness.read(), database: await this.databaseAnswers() };
    const down = Object.entries(parts).filter(([, up]) => !up);
    if (down.length === 0) return { status: 'ok', parts };
    throw new DomainError('not_ready', 503, `Not ready: ${down.map(([name]) => name).join(', ')}.`);
  }

  private async databaseAnswers(): Promise<boolean> {
    return this.database.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
}
