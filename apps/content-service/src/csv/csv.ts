import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';

/** A line of a file that was not taken, and what is wrong with it. */
export interface BrokenLine {
  line: number;
  errors: string[];
}

/** What was read of a file: good lines as values, the others with their errors. */
export interface CsvReading<T> {
  rows: { line: number; value: T }[];
  broken: BrokenLine[];
}

/** How a file is read: what each column is called in the API, which must be there, and what a line must be. */
export interface CsvFormat<S extends z.ZodType> {
  columns: Readonly<Record<string, string>>;
  required: readonly string[];
  schema: S;
}

interface Row {
  record: string[];
  line: number;
}

/** The body of a route that takes a file. */
export const csvBody = z.string({ error: 'send the file itself with "Content-Type: text/csv"' });

/** Reads a CSV with a header row, comma or semicolon. A bad header is one error on line 1; an empty field says nothing. */
export function readCsv<S extends z.ZodType>(text: string, format: CsvFormat<S>): CsvReading<z.infer<S>> {
  const { rows, unread } = parseRows(text);
  const [header, ...body] = rows;
  const problems = headerProblems(header?.record ?? [], format);
  if (problems.length > 0) return { rows: [], broken: [{ line: 1, errors: problems }, ...unread] };
  const reading: CsvReading<z.infer<S>> = { rows: [], broken: unread };
  for (const row of body) {
    const read = readRow(header!.record, row, format);
    if ('errors' in read) reading.broken.push(read);
    else reading.rows.push(read);
  }
  return { ...reading, broken: reading.broken.toSorted((a, b) => a.line - b.line) };
}

/** The lines of a file that were not taken: those that could not be read, and those whose outcome, at its row's place, is a refusal. */
export function rejectedOf({ rows, broken }: CsvReading<unknown>, outcomes: readonly object[]): BrokenLine[] {
  const refused = rows.flatMap(({ line }, index) => {
    const outcome = outcomes[index] as { refused?: string };
    return outcome.refused === undefined ? [] : [{ line, errors: [outcome.refused] }];
  });
  return [...broken, ...refused].toSorted((a, b) => a.line - b.line);
}

/** A quote that never closes swallows the rest of the file: the rows before it are read, the rest is told. */
function parseRows(text: string): { rows: Row[]; unread: BrokenLine[] } {
  const rows: Row[] = [];
  const [head = ''] = text.split('\n', 1);
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      delimiter: head.includes(';') ? ';' : ',',
      on_record: (record: string[], { lines }) => void rows.push({ record, line: lines }),
    });
    return { rows, unread: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const errors = ['a quote is opened here and never closed; nothing from here on was read'];
    return { rows, unread: [{ line: (rows.at(-1)?.line ?? 0) + 1, errors }] };
  }
}

function headerProblems(header: readonly string[], { columns, required }: CsvFormat<z.ZodType>): string[] {
  const known = Object.keys(columns);
  if (header.length === 0)
    return [`the file is empty; the first line names the columns: ${known.join(', ')}`];
  return [
    ...header
      .filter((name) => !Object.hasOwn(columns, name))
      .map((name) => `unknown column "${name}"; known are ${known.join(', ')}`),
    ...header
      .filter((name, at) => header.indexOf(name) !== at)
      .map((name) => `the column "${name}" is there twice`),
    ...required.filter((name) => !header.includes(name)).map((name) => `the column "${name}" is missing`),
  ];
}

function readRow<S extends z.ZodType>(
  header: readonly string[],
  { record, line }: Row,
  { columns, schema }: CsvFormat<S>,
): { line: number; value: z.infer<S> } | BrokenLine {
  if (record.length !== header.length) {
    const errors = [`${record.length} fields where the header has ${header.length}; is a comma unquoted?`];
    return { line, errors };
  }
  const given = header.map((name, at) => [columns[name]!, record[at] === '' ? undefined : record[at]]);
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return { line, value: result.data };
  const nameOf = Object.fromEntries(Object.entries(columns).map(([name, key]) => [key, name]));
  const errors = result.error.issues.map(({ path, message }) => {
    const name = nameOf[String(path[0])];
    return name === undefined ? message : `${name}: ${message}`;
  });
  return { line, errors };
}
