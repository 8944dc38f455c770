import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AfterCommitSubscriber } from './after-commit.js';
import { AccessGuard } from './access/access.guard.js';
import { ClockController } from './clock/clock.controller.js';
import { Clock, SystemClock, VirtualClock } from './clock/clock.js';
import { Pollers } from './clock/pollers.js';
import { databaseOptions } from './database.js';
import type { DatabaseParts } from './database.js';
import { ENV } from './env.js';
import type { ServiceEnv } from './env.js';
import { HealthController } from './http/health.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { Readiness } from './http/readiness.js';
import { validationPipe } from './http/validation.js';
import { LOGGER, createLogger } from './logging.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { Metrics } from './metrics/metrics.js';

/** Virtual time is for tests and the demo; a production process refuses it. */
export function createClock(env: ServiceEnv): Clock {
  if (env.LAUREL_CLOCK === 'system') return new SystemClock();
  if (env.NODE_ENV === 'production')
    throw new Error('LAUREL_CLOCK=virtual is refused when NODE_ENV=production.');
  return new VirtualClock(new Date(env.LAUREL_CLOCK_START ?? '2026-01-05T00:00:00Z'));
}

/** What every service stands on: environment, clock, logger, database, access, problems, health. */
@Module({})
export class PlatformModule {
  static forService(name: string, env: ServiceEnv, database: DatabaseParts): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [
        DiscoveryModule,
        TypeOrmModule.forRoot({ ...databaseOptions(env.DATABASE_URL, database, name), retryAttempts: 3 }),
      ],
      controllers: [ClockController, HealthController, MetricsController],
      providers: [
        { provide: ENV, useValue: env },
        { provide: Clock, useFactory: () => createClock(env) },
        { provide: LOGGER, useFactory: () => createLogger(name, env.LOG_LEVEL) },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
        AfterCommitSubscriber,
        Metrics,
        Pollers,
        Readiness,
      ],
      exports: [ENV, Clock, LOGGER, Metrics, Pollers, Readiness],
    };
  }
}
