import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { currentTrace } from './trace.js';

/** JSON lines on stdout, each with the service and, inside traced work, its trace id. Never log names, addresses or keys. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const trace = currentTrace();
      return trace ? { traceId: trace.traceId } : {};
    },
  });
}

/** Nest's own messages through the same lines. */
export class NestLog implements LoggerService {
  constructor(private readonly log_: Logger) {}
  log(message: unknown, context?: string): void {
    this.log_.debug({ context }, String(message));
  }
  warn(message: unknown, context?: string): void {
    this.log_.warn({ context }, String(message));
  }
  error(message: unknown, stack?: string, context?: string): void {
    this.log_.error({ context, stack }, String(message));
  }
  debug(message: unknown, context?: string): void {
    this.log_.trace({ context }, String(message));
  }
}

/** Injection token of the service's pino logger. */
export const LOGGER = Symbol('LOGGER');
export type { Logger };
