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
  const placed = columns.map((column, index) => placeOf(column, index, behind));
  const arrays = placed.flatMap(({ name, array }) => (array === null ? [] : [{ name, array }]));
  return {
    names: placed.map(({ name }) => name).join(', '),
    values: placed.map(({ value }) => value).join(', '),
    changes: placed
      .map(({ name, value }) => `${name} = ${value}`)
      .slice(1)
      .join(', '),
    table: `unnest(${arrays.map(({ array }) => `(SELECT ${array})`).join(', ')}) AS r(${arrays.map(({ name }) => name).join(', ')})`,
    parameters: placed.map(({ parameter }) => parameter),
  };
}

/** How a column stands in SQL; `array` is null where all rows share one value, which is never so of the key. */
interface Placed {
  name: string;
  value: string;
  array: string | null;
  parameter: unknown;
}

function placeOf([name, type, values]: Column, index: number, behind: number): Placed {
  const parameter = `$${behind + index + 1}`;
  if (index > 0 && values.every((value) => value === values[0]))
    return { name, value: `${parameter}::${type}`, array: null, parameter: values[0] };
  return type === 'jsonb'
    ? {
        name,
        value: `r.${name}`,
        array: jsonArray(parameter),
        parameter: textsOf(values as (string | null)[]),
      }
    : { name, value: `r.${name}`, array: `${parameter}::${type}[]`, parameter: values };
}

/** JSON texts go over as one: what stands between them is escaped in each, and nothing must be quoted letter by letter as in an array. */
const textsOf = (values: readonly (string | null)[]): string => values.join('\u0001');
const jsonArray = (parameter: string): string => `string_to_array(${parameter}, E'\\x01', '')::jsonb[]`;

/** An instant (epoch ms) as PostgreSQL reads it. */
export const instant = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

/** A value for a JSON column. */
export const json = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
