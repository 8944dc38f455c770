/** A five-field cron expression, read: which minutes, hours, days and months it names. Plain data. */
export interface Cron {
  source: string;
  minutes: number[];
  hours: number[];
  daysOfMonth: number[];
  months: number[];
  /** 0 is Sunday .. 6 is Saturday. */
  weekdays: number[];
  /** Vixie cron: when both day fields are restricted, a day matching either one matches. */
  eitherDay: boolean;
}

/** What reading a cron expression gives: the value, or one sentence on what is wrong with the mend. */
export type ParsedCron = { ok: true; cron: Cron } | { ok: false; error: string };

interface Field {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 0, max: 7, names: WEEKDAYS },
];
const ITEM = /^(\*|[0-9]+|[A-Z]{3})(?:-([0-9]+|[A-Z]{3}))?(?:\/([0-9]+))?$/;

/** Reads five fields: `*`, lists, ranges, steps, names (MON, JAN) and 7 for Sunday. */
export function parseCron(text: string): ParsedCron {
  const parts = text.trim().toUpperCase().split(/\s+/);
  if (parts.length !== 5)
    return wrong(
      `"${text}" has ${parts.length} fields; write five: minute hour day-of-month month day-of-week, for example 0 9 * * MON`,
    );
  const values = parts.map((part, i) => readField(part, fieldAt(i)));
  const bad = values.find((v) => typeof v === 'string');
  if (typeof bad === 'string') return wrong(bad);
  return { ok: true, cron: assemble(text.trim(), parts, values as number[][]) };
}

function assemble(source: string, parts: string[], values: number[][]): Cron {
  const [minutes = [], hours = [], daysOfMonth = [], months = [], weekdays = []] = values;
  const eitherDay = !parts[2]?.startsWith('*') && !parts[4]?.startsWith('*');
  return {
    source,
    minutes,
    hours,
    daysOfMonth,
    months,
    weekdays: sorted(weekdays.map((d) => d % 7)),
    eitherDay,
  };
}

function readField(part: string, field: Field): number[] | string {
  const all: number[] = [];
  for (const item of part.split(',')) {
    const values = readItem(item, field);
    if (typeof values === 'string') return values;
    all.push(...values);
  }
  return sorted(all);
}

function readItem(item: string, field: Field): number[] | string {
  const match = ITEM.exec(item);
  if (!match)
    return `"${item}" is no ${field.name}; write a number ${field.min}..${field.max}, a range a-b, a list a,b or a step */n`;
  const [, first = '', last, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  const from = first === '*' ? field.min : valueOf(first, field);
  const to = endOf(first, last, stepText, field);
  if (from === null || to === null || step === 0) return outside(item, field);
  if (first === '*' && last !== undefined) return outside(item, field);
  if (from > to) return `"${item}" runs backwards in ${field.name}; write the smaller value first or a list`;
  return stepped(from, to, step);
}

function endOf(
  first: string,
  last: string | undefined,
  step: string | undefined,
  field: Field,
): number | null {
  if (last !== undefined) return valueOf(last, field);
  // As in Vixie cron `5/10` means from 5 to the end; Sunday is not counted twice by `*`.
  const max = field.max === 7 ? 6 : field.max;
  return first === '*' || step !== undefined ? max : valueOf(first, field);
}

function valueOf(text: string, field: Field): number | null {
  const named = field.names?.indexOf(text) ?? -1;
  const value = named >= 0 ? named + field.min : Number(text);
  return Number.isInteger(value) && value >= field.min && value <= field.max ? value : null;
}

function stepped(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let v = from; v <= to; v += step) values.push(v);
  return values;
}

function sorted(values: number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function fieldAt(index: number): Field {
  const field = FIELDS[index];
  if (!field) throw new RangeError(`no cron field ${index}`);
  return field;
}

function outside(item: string, field: Field): string {
  return `"${item}" is outside ${field.name}; use ${field.min}..${field.max}${field.names ? ` or ${field.names[0]}..${field.names.at(-1)}` : ''}`;
}

function wrong(error: string): ParsedCron {
  return { ok: false, error };
}
