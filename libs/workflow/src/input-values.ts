import { isUntil, isZone, parseDuration, parseTime } from '#libs/calendar';
import { compileExpression, didYouMean } from '#libs/expression';
import type { Catalog } from './checking.js';
import type { Definition, InputSpec } from './definition.js';

/** What is wrong with a value, and what to give instead. */
export interface Misfit {
  message: string;
  mend: string;
}

type Type = InputSpec['type'];
type Judge = (value: unknown, spec: InputSpec, catalog: Catalog) => string | null;

// Longer texts belong into a template.
const MAX_TEXT = 1_000;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;

const JUDGES: Record<Type, Judge> = {
  duration: (v) => (isText(v) && parseDuration(v).ok ? null : 'write for example 2d'),
  time: (v) => (isText(v) && parseTime(v) !== null ? null : 'write for example "09:00"'),
  date: (v) => (isText(v) && isUntil(`${v}T00:00`) ? null : 'write for example "2026-03-01"'),
  zone: (v) =>
    isText(v) && (v === 'recipient' || isZone(v)) ? null : 'write recipient or for example Europe/Rome',
  number: judgeNumber,
  text: (v) => (isText(v) ? null : `write a text in quotes, of at most ${MAX_TEXT} characters`),
  boolean: (v) => (typeof v === 'boolean' ? null : 'write true or false'),
  choice: (v, { options = [] }) =>
    isText(v) && options.includes(v) ? null : `use one of ${options.join(', ')}`,
  audience: judgeAudience,
  template: (v, _spec, { templates }) => judgeKnown(v, templates),
  badge: (v, _spec, { badges }) => judgeKnown(v, badges),
  metric: (v, _spec, { metrics }) => judgeKnown(v, metrics),
};

/** What is wrong with a value of an input; null when it fits. */
export function misfit(spec: InputSpec, value: unknown, catalog: Catalog): Misfit | null {
  const mend = JUDGES[spec.type](value, spec, catalog);
  return mend === null
    ? null
    : { message: `${JSON.stringify(value)} is no ${WORDS[spec.type] ?? spec.type}`, mend };
}

const WORDS: Partial<Record<Type, string>> = {
  time: 'time of day',
  zone: 'time zone',
  audience: 'condition on people',
};

function judgeNumber(value: unknown, { min = -Infinity, max = Infinity }: InputSpec): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'write a number without quotes';
  if (value >= min && value <= max) return null;
  if (max === Infinity) return `write at least ${min}`;
  return min === -Infinity ? `write at most ${max}` : `write a number from ${min} to ${max}`;
}

function judgeAudience(value: unknown): string | null {
  if (typeof value !== 'string') return 'write a condition such as person.active';
  const shapes = { event: 'dyn', inputs: 'dyn', run: { fields: {} }, vars: { fields: {} } } as const;
  const compiled = compileExpression(value, 'audience', { expects: 'bool', shapes });
  if (compiled.ok) return null;
  const { message, mend } = compiled.error;
  return mend === undefined ? message : `${message}: ${mend}`;
}

function judgeKnown(value: unknown, known: ReadonlySet<string> | undefined): string | null {
  if (typeof value !== 'string' || value === '') return 'write its name';
  if (known === undefined || known.has(value)) return null;
  return known.size > 0 ? didYouMean(value, [...known]) : 'the programme has none';
}

/** A field of the form in which HR tunes a workflow. */
export interface FormField {
  name: string;
  label: string;
  type: Type;
  default: unknown;
  value: unknown;
  help: string | null;
  /** What there is to choose from; null when anything of the type may be given. */
  options: readonly string[] | null;
  min: number | null;
  max: number | null;
}

/** The form of a workflow, in the order of its inputs; templates, badges and metrics offer those of the programme. */
export function formOf(definition: Definition, catalog: Catalog = {}): FormField[] {
  return Object.entries(definition.inputs).map(([name, spec]) => ({
    name,
    label: spec.label,
    type: spec.type,
    default: spec.default,
    value: definition.values[name] ?? spec.default,
    help: spec.help ?? null,
    options: optionsOf(spec, catalog),
    min: spec.min ?? null,
    max: spec.max ?? null,
  }));
}

function optionsOf({ type, options }: InputSpec, catalog: Catalog): readonly string[] | null {
  if (type === 'choice') return options ?? [];
  if (type === 'template') return catalog.templates ? [...catalog.templates].sort() : null;
  if (type === 'badge') return catalog.badges ? [...catalog.badges].sort() : null;
  return type === 'metric' && catalog.metrics ? [...catalog.metrics].sort() : null;
}

/** What is wrong with a value given for an input. */
export interface InputProblem extends Misfit {
  field: string;
}

/** What is wrong with the values HR gives, by field; empty when they may be kept. A field left out keeps its default. */
export function inputProblems(
  definition: Pick<Definition, 'inputs'>,
  given: Readonly<Record<string, unknown>>,
  catalog: Catalog = {},
): InputProblem[] {
  const names = Object.keys(definition.inputs);
  return Object.entries(given).flatMap(([field, value]): InputProblem[] => {
    const spec = Object.hasOwn(definition.inputs, field) ? definition.inputs[field] : undefined;
    if (!spec) return [{ field, message: `there is no input ${field}`, mend: didYouMean(field, names) }];
    const wrong = misfit(spec, value, catalog);
    return wrong === null ? [] : [{ field, ...wrong }];
  });
}
