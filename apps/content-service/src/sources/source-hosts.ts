import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '#libs/platform';
import type { Env } from '../env.js';
import { HostTurns } from './hosts.js';

/** A host of somebody else is left alone for so long between two questions. */
const REST_MS = 1_000;

/** The turns of all hosts that this process asks, for feeds and for pages; the house's own need no rest. */
@Injectable()
export class SourceHosts extends HostTurns {
  constructor(@Inject(ENV) env: Env) {
    super((host) => (env.CONTENT_ALLOW_HOSTS.includes(host) ? 0 : REST_MS));
  }
}
