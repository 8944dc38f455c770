import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata } from '@nestjs/common';
import type { z } from 'zod';
import { unfolded } from '#libs/contracts';
import { DomainError } from '../errors.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const segment = (part: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof part === 'object' ? part.key : part);

const oneByOne = (issue: Issue): Issue[] => unfolded(issue as z.core.$ZodIssue);

/** Turns schema issues into field errors with a path each (`people.3.email`). */
export const invalid = (issues: readonly Issue[]): DomainError =>
  new DomainError(
    'invalid_input',
    400,
    `${issues.length === 1 ? 'One field is' : `${issues.length} fields are`} not as expected; see "errors".`,
    issues
      .flatMap(oneByOne)
      .slice(0, 100)
      .map((issue) => ({
        path: (issue.path ?? []).map(segment).join('.') || '(body)',
        message: issue.message,
      })),
  );

/** Checks every `@Body({ schema })`, `@Query({ schema })` and `@Param('name', { schema })` by its zod schema. */
class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'body' && metadata.schema && value === undefined) throw bodyMissing;
    return super.transform(value, metadata).catch((error: unknown) => {
      throw error instanceof DomainError && metadata.data ? named(error, metadata.data) : error;
    });
  }
}

const bodyMissing = new DomainError(
  'body_missing',
  400,
  'This needs a body: send JSON with "Content-Type: application/json".',
);

/** A parameter of the path is named by its own name. */
const named = (error: DomainError, name: string): DomainError =>
  new DomainError(
    error.code,
    error.status,
    error.message,
    error.fields.map((field) => ({ ...field, path: field.path === '(body)' ? name : field.path })),
  );

export const validationPipe = (): StandardSchemaValidationPipe =>
  new ValidationPipe({ exceptionFactory: invalid });
