import { Catch, HttpException, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import type { FieldError } from '../errors.js';
import { LOGGER } from '../logging.js';
import type { Logger } from '../logging.js';
import { currentTrace } from '../trace.js';

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  instance: string;
  traceId?: string;
  errors?: FieldError[];
}

/** Every error leaves as RFC 9457 problem+json; an unexpected one says nothing but its trace id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const known = asDomainError(error);
    if (!known) this.logger.error({ err: error }, 'unexpected error');
    const problem = problemOf(known ?? unexpected, http.getRequest<FastifyRequest>().url.split('?')[0]!);
    void http
      .getResponse<FastifyReply>()
      .status(problem.status)
      .type('application/problem+json')
      .send(problem);
  }
}

const unexpected = new DomainError(
  'unexpected',
  500,
  'Something went wrong on our side. The log tells more under the trace id.',
);

function problemOf(error: DomainError, instance: string): Problem {
  const trace = currentTrace();
  return {
    type: `urn:laurel:problem:${error.code}`,
    title: error.code.replaceAll('_', ' '),
    status: error.status,
    detail: error.message,
    code: error.code,
    instance,
    ...(trace ? { traceId: trace.traceId } : {}),
    ...(error.fields.length > 0 ? { errors: error.fields } : {}),
  };
}

/** Errors of the framework (unknown route, malformed JSON, too large a body) carry a status of their own. */
function asDomainError(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) {
    return new DomainError(codeOf(error.getStatus()), error.getStatus(), error.message);
  }
  if (isTextRefused(error as { code?: unknown; detail?: unknown })) {
    return new DomainError(
      'text_refused',
      400,
      'A text holds a character that cannot be stored: U+0000, or half of a surrogate pair.',
    );
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new DomainError(codeOf(status), status, (error as Error).message);
  }
  return null;
}

/** How PostgreSQL refuses U+0000 in text, in jsonb, and a lone surrogate in jsonb. */
const isTextRefused = ({ code, detail }: { code?: unknown; detail?: unknown }): boolean =>
  code === '22021' || code === '22P05' || (code === '22P02' && /surrogate/.test(String(detail)));

const codes: Record<number, string> = {
  400: 'malformed_request',
  404: 'route_unknown',
  405: 'method_unknown',
  413: 'body_too_large',
  415: 'media_type_unsupported',
};
const codeOf = (status: number): string => codes[status] ?? `http_${status}`;
