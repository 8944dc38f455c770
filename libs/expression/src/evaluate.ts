import type { ParseResult } from '@marcbachmann/cel-js';
import type { Reading } from './ast.js';
import { NO_FACTS, withFacts } from './facts.js';
import type { Facts, Need } from './facts.js';
import { withinBounds } from './limits.js';
import { asPerson } from './person.js';
import type { PersonAttributes } from './person.js';

/** The values of the variables. Objects given here must not be changed afterwards: results and look-ups are kept by identity. */
export interface Values {
  event?: Record<string, unknown> | null;
  person?: PersonAttributes | null;
  [name: string]: unknown;
}

/** What evaluating gives: a plain JSON value (numbers are doubles), or one readable sentence. */
export type Evaluated = { ok: true; value: unknown } | { ok: false; error: string };

/** A checked expression, ready to evaluate any number of times; synchronous, without clock or I/O. */
export interface Expression {
  source: string;
  /** Facts the driver must fetch before evaluating. */
  needs: readonly Need[];
  /** Dotted paths it reads, such as event.ranking or person.lead. */
  paths: readonly string[];
  evaluate(values: Values, facts?: Facts): Evaluated;
}

/** Makes an Expression of a checked CEL program. */
export function expressionOf(source: string, program: ParseResult, reading: Reading): Expression {
  const paths = [...reading.paths.keys()];
  const usesPerson = paths.some((p) => p === 'person' || p.startsWith('person.'));
  const run = (values: Values, facts: Facts = NO_FACTS) =>
    evaluate(program, values, facts, usesPerson, reading.mayHoldInts);
  const ofEventOnly =
    reading.needs.length === 0 && paths.length > 0 && paths.every((p) => p.split('.')[0] === 'event');
  return { source, needs: reading.needs, paths, evaluate: ofEventOnly ? rememberingByEvent(run) : run };
}

// The top ten of a closed board is asked for once per recipient; it is the same list every time.
function rememberingByEvent(run: Expression['evaluate']): Expression['evaluate'] {
  const seen = new WeakMap<object, Evaluated>();
  return (values, facts) => {
    if (!values.event) return run(values, facts);
    let result = seen.get(values.event);
    if (!result) seen.set(values.event, (result = run(values, facts)));
    return result;
  };
}

function evaluate(
  program: ParseResult,
  values: Values,
  facts: Facts,
  usesPerson: boolean,
  mayHoldInts: boolean,
): Evaluated {
  if (usesPerson && !values.person) return { ok: false, error: 'this run has no person to ask' };
  const context = {
    ...DEFAULTS,
    ...values,
    event: values.event ?? null,
    person: values.person ? asPerson(values.person) : null,
  };
  try {
    const value: unknown = withFacts(facts, values.person?.id ?? null, () =>
      withinBounds(() => program(context) as unknown),
    );
    return { ok: true, value: typeof value === 'bigint' || mayHoldInts ? plain(value) : value };
  } catch (error) {
    return { ok: false, error: readable(error) };
  }
}

const DEFAULTS = { run: {}, inputs: {}, vars: {} };

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  const primitive: unknown = value.valueOf();
  return typeof primitive === 'bigint' ? Number(primitive) : JSON.parse(JSON.stringify(value));
}

function readable(error: unknown): string {
  const { code, summary, message } = error as { code?: string; summary?: string; message?: string };
  const text = summary ?? message ?? String(error);
  return code === 'no_such_key' ? `there is no ${text.split(': ')[1] ?? 'such field'} here` : text;
}
