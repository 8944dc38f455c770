import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { DestinationStream, Logger, LoggerOptions } from 'pino';
import { currentTrace } from './trace.js';

/** JSON lines on stdout (or a stream of a test's own), each with the service and, inside traced work, its trace id. Never log names, addresses or keys. */
export function createLogger(service: string, level: string, stream?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: withoutData },
    mixin: () => {
      const trace = currentTrace();
      return trace ? { traceId: trace.traceId } : {};
    },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** An error as it is logged: where it came from, and of a failed statement its text, but none of the values that went into it. */
function withoutData(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, query } = error as Error & { code?: unknown; query?: unknown };
  const { type, message, stack } = pino.stdSerializers.err(error);
  return {
    type,
    message,
    stack,
    ...(code === undefined ? {} : { code }),
    ...(query === undefined ? {} : { query }),
  };
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
