import { CsvError, parse } from 'csv-parse/sync';
import { personSchema } from './person.schema.js';
import type { PersonInput } from './person.schema.js';

/** A broken row: its line in the file, and what is wrong with the mend. */
export interface BrokenRow {
  line: number;
  errors: string[];
}

export interface CsvReading {
  people: { line: number; person: PersonInput }[];
  broken: BrokenRow[];
}

/** Column names of the file, and what they are called in the API. */
const columns: Record<string, keyof PersonInput> = {
  external_id: 'externalId',
  joined_on: 'joinedOn',
  ...Object.fromEntries(
    (['email', 'name', 'locale', 'zone', 'team', 'department', 'location', 'seniority', 'lead'] as const).map(
      (name) => [name, name],
    ),
  ),
};

interface Row {
  record: string[];
  line: number;
}

/** Reads a CSV with a header row, comma or semicolon. Good rows come as people, bad ones with their line; a bad header is one error on line 1. */
export function readPeopleCsv(text: string): CsvReading {
  const { rows, unread } = parseRows(text);
  const [header, ...body] = rows;
  const problems = header
    ? headerProblems(header.record)
    : ['the file is empty; the first line names the columns: email, name, zone, …'];
  if (problems.length > 0) return { people: [], broken: [{ line: 1, errors: problems }, ...unread] };
  return sort([...body.map((row) => readRow(header!.record, row)), ...unread]);
}

/** A quote that never closes swallows the rest of the file: the rows before it are read, the rest is told. */
function parseRows(text: string): { rows: Row[]; unread: BrokenRow[] } {
  const rows: Row[] = [];
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      delimiter: text.slice(0, text.indexOf('\n') >>> 0).includes(';') ? ';' : ',',
      on_record: (record: string[], { lines }) =>
        void rows.push({
          record,
          line: lines,
        }),
    });
    return { rows, unread: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const errors = ['a quote is opened here and never closed; nothing from here on was read'];
    return { rows, unread: [{ line: (rows.at(-1)?.line ?? 0) + 1, errors }] };
  }
}

function headerProblems(header: readonly string[]): string[] {
  const unknown = header.filter((name) => !Object.hasOwn(columns, name));
  const missing = ['email', 'name', 'zone'].filter((name) => !header.includes(name));
  const known = Object.keys(columns).join(', ');
  return [
    ...unknown.map((name) => `unknown column "${name}"; known are ${known}`),
    ...missing.map((name) => `the column "${name}" is missing`),
  ];
}

type ReadRow = { line: number; person: PersonInput } | BrokenRow;

function readRow(header: readonly string[], { record, line }: Row): ReadRow {
  if (record.length !== header.length) {
    return {
      line,
      errors: [`${record.length} fields where the header has ${header.length}; is a comma unquoted?`],
    };
  }
  const given = header.map((name, index) => [columns[name]!, record[index] || emptied(name)]);
  const result = personSchema.safeParse(Object.fromEntries(given));
  if (result.success) return { line, person: result.data };
  return { line, errors: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}

/** An empty field clears what may be empty, and says nothing where something must stand. */
const emptied = (name: string): null | undefined =>
  ['email', 'name', 'zone', 'locale', 'seniority'].includes(name) ? undefined : null;

/** A second row of the same person is told rather than silently preferred. */
function sort(rows: readonly ReadRow[]): CsvReading {
  const reading: CsvReading = { people: [], broken: [] };
  const firstLine = new Map<string, number>();
  for (const row of rows) {
    if ('errors' in row) reading.broken.push(row);
    else if (firstLine.has(row.person.email)) {
      reading.broken.push({
        line: row.line,
        errors: [`email: already on line ${firstLine.get(row.person.email)}`],
      });
    } else {
      firstLine.set(row.person.email, row.line);
      reading.people.push(row);
    }
  }
  return reading;
}
