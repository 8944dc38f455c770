/** A value in SQL: never an error, NULL where the person has none. `ascii` texts sort alike everywhere. */
export interface Term {
  sql: string;
  type: 'text' | 'number' | 'bool' | 'null';
  ascii?: boolean;
}

/** Adds a parameter and answers how the SQL names it, with its cast. */
export type AddParameter = (value: unknown, cast: string) => string;

/** What the tables look like to a condition on people. */
export interface SqlOptions {
  /** The column of a field of a person such as `team` or `consents.mail`, or null when there is none. A text column, where it is text. */
  column(field: string): Pick<Term, 'sql' | 'type'> | null;
  /** A scalar (sub)query for a metric of the row's person in a window, never NULL; null when it cannot be told in SQL. */
  metric(name: string, window: string, parameter: AddParameter): string | null;
  /** The values of event and inputs, which are the same for all people. */
  values?: Readonly<Record<string, unknown>>;
  /** How many parameters the statement has before; 0 unless told. */
  offset?: number;
}

/** A condition for WHERE, with the parameters it adds. */
export interface Sql {
  condition: string;
  parameters: unknown[];
}

/** A translation under way. */
export interface Translation extends SqlOptions {
  parameters: unknown[];
}

/** Adds a parameter. */
export function parameter(value: unknown, cast: string, { parameters, offset = 0 }: Translation): string {
  parameters.push(value);
  return `$${offset + parameters.length}::${cast}`;
}

/** A written value, or one the same for everybody; null when SQL has nothing like it. */
export function constantTerm(value: unknown, to: Translation): Term | null {
  if (value === null) return { sql: 'NULL', type: 'null' };
  if (typeof value === 'boolean') return { sql: String(value), type: 'bool' };
  if (typeof value === 'number' && Number.isFinite(value))
    return { sql: parameter(value, 'double precision', to), type: 'number' };
  if (!isPlainText(value)) return null;
  const ascii = /^[ -~]*$/.test(value);
  return { sql: parameter(value, 'text', to), type: 'text', ascii };
}

/** Whether a value is a text that PostgreSQL can hold: no NUL, no half of a pair. */
export function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0') && !/\p{Surrogate}/u.test(value);
}
