import { StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '../errors.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const segment = (part: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof part === 'object' ? part.key : part);

/** Turns schema issues into field errors with a path each (`people.3.email`). */
export const invalid = (issues: readonly Issue[]): DomainError =>
  new DomainError(
    'invalid_input',
    400,
    `${issues.length === 1 ? 'One field is' : `${issues.length} fields are`} not as expected; see "errors".`,
    issues.slice(0, 100).map((issue) => ({
      path: (issue.path ?? []).map(segment).join('.') || '(body)',
      message: issue.message,
    })),
  );

/** Checks every `@Body({ schema })`, `@Query({ schema })` and `@Param` by its zod schema. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({ exceptionFactory: invalid });
