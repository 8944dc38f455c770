/** A column of a batch: its name, its type in SQL, and its values, one per row. */
export type Column = [name: string, type: string, values: readonly unknown[]];

/** A batch as SQL: `INSERT INTO t (names) SELECT values FROM table`, or `SET changes FROM table`: of all columns but the first, the key. */
export interface Rows {
  names: string;
  values: string;
  changes: string;
  table: string;
  parameters: unknown[];
}

/**
 * Arrays are many times cheaper to read for PostgreSQL than JSON, and what all rows share (workflow, status, step …) goes over once.
 * `behind` is how many parameters of the statement come before these.
 * The SELECT around an array hides its length from the planner, which would rather scan a middling table than look up a thousand ids.
 */
export function rowsOf(columns: readonly Column[], behind = 0): Rows {
  const shared = columns.map(
    ([, , values], index) => index > 0 && values.every((value) => value === values[0]),
  );
  const place = (index: number): string => `$${behind + index + 1}::${columns[index]![1]}`;
  const value = (name: string, index: number): string => (shared[index] ? place(index) : `r.${name}`);
  const varying = columns.flatMap(([name], index) =>
    shared[index] ? [] : [{ name, array: `(SELECT ${place(index)}[])` }],
  );
  return {
    names: columns.map(([name]) => name).join(', '),
    values: columns.map(([name], index) => value(name, index)).join(', '),
    changes: columns
      .map(([name], index) => `${name} = ${value(name, index)}`)
      .slice(1)
      .join(', '),
    table: `unnest(${varying.map(({ array }) => array).join(', ')}) AS r(${varying.map(({ name }) => name).join(', ')})`,
    parameters: columns.map(([, , values], index) => (shared[index] ? values[0] : values)),
  };
}

/** An instant (epoch ms) as PostgreSQL reads it. */
export const instant = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

/** A value for a JSON column. */
export const json = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
