/** One broken field of a request: where, and what is wrong with the mend. */
export interface FieldError {
  path: string;
  message: string;
}

/** An error the caller can act on; mapped once to RFC 9457 `application/problem+json`. */
export class DomainError extends Error {
  constructor(
    /** Stable, machine-readable: `person_unknown`. */
    readonly code: string,
    readonly status: number,
    detail: string,
    readonly fields: FieldError[] = [],
  ) {
    super(detail);
  }
}

/** A message that can never succeed: its consumer sends it to the dead letters with this reason. */
export class Terminal extends Error {}

/** The short form for the most common problem. */
export const notFound = (what: string, id: string): DomainError =>
  new DomainError(`${what}_unknown`, 404, `There is no ${what.replaceAll('_', ' ')} "${id}".`);
