import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Headers, Inject } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/decisions.js';
import { KeyResolver, hashKey } from '../access/keys.js';
import { ENV } from '../env.js';
import type { ServiceEnv } from '../env.js';
import { DomainError } from '../errors.js';
import { Metrics } from './metrics.js';

/** What this service counts and measures, for Prometheus. */
@ApiTags('metrics')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly keys: KeyResolver,
    @Inject(ENV) private readonly env: Pick<ServiceEnv, 'METRICS_TOKEN'>,
  ) {}

  /** Opens with METRICS_TOKEN, which opens nothing else, or with an admin key. */
  @Get()
  @Public(
    'it asks for METRICS_TOKEN or an admin key itself: a scraper should not hold a key that may do everything',
  )
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiProduces('text/plain')
  async read(@Headers('authorization') authorization?: string): Promise<string> {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined || !(await this.opens(token)))
      throw new DomainError(
        'key_needed',
        401,
        'Send METRICS_TOKEN or an admin key: "Authorization: Bearer …".',
      );
    return this.metrics.text();
  }

  private async opens(token: string): Promise<boolean> {
    const { METRICS_TOKEN } = this.env;
    if (METRICS_TOKEN && isSame(token, METRICS_TOKEN)) return true;
    return (await this.keys.resolve(hashKey(token)))?.role === 'admin';
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));
