import { isZone, parseDuration, parseTime } from '#libs/calendar';
import { didYouMean } from '#libs/expression';
import { readShape, report, unknownInput } from './checking.js';
import type { Checking } from './checking.js';
import { inputSchema } from './definition.js';
import type { InputSpec } from './definition.js';
import type { Path } from './problem.js';

/** The declared inputs, and the value of each: what HR set, else the default. */
export interface Inputs {
  specs: Record<string, InputSpec>;
  values: Record<string, unknown>;
}

/** Reads the inputs block and puts HR's values over the defaults. */
export function readInputs(
  block: Record<string, unknown>,
  given: Readonly<Record<string, unknown>>,
  checking: Checking,
): Inputs {
  const inputs: Inputs = { specs: {}, values: {} };
  for (const [name, raw] of Object.entries(block)) readInput(name, raw, given, inputs, checking);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(block, name))
      report(checking, ['inputs'], `there is no input ${name} to set`, didYouMean(name, Object.keys(block)));
  }
  return inputs;
}

function readInput(
  name: string,
  raw: unknown,
  given: Readonly<Record<string, unknown>>,
  inputs: Inputs,
  checking: Checking,
): void {
  const path = ['inputs', name];
  const spec = readShape(checking, path, inputSchema, raw, Object.keys(inputSchema.shape));
  if (!spec) return;
  const value = given[name] ?? spec.default;
  const mend = misfit(spec.type, value);
  if (mend !== null)
    report(
      checking,
      given[name] === undefined ? [...path, 'default'] : path,
      `${JSON.stringify(value)} is no ${spec.type}`,
      mend,
    );
  inputs.specs[name] = spec;
  inputs.values[name] = value;
}

const MENDS: Record<InputSpec['type'], { fits: (value: unknown) => boolean; mend: string }> = {
  duration: { fits: (v) => typeof v === 'string' && parseDuration(v).ok, mend: 'write for example 2d' },
  time: { fits: (v) => typeof v === 'string' && parseTime(v) !== null, mend: 'write for example "09:00"' },
  number: { fits: (v) => typeof v === 'number' && Number.isFinite(v), mend: 'write a number without quotes' },
  text: { fits: (v) => typeof v === 'string', mend: 'write a text in quotes' },
  boolean: { fits: (v) => typeof v === 'boolean', mend: 'write true or false' },
  zone: {
    fits: (v) => typeof v === 'string' && (v === 'recipient' || isZone(v)),
    mend: 'write recipient or for example Europe/Rome',
  },
};

function misfit(type: InputSpec['type'], value: unknown): string | null {
  return MENDS[type].fits(value) ? null : MENDS[type].mend;
}

const REFERENCE = /^\$([A-Za-z_]\w*)$/;

/** A copy of a YAML value with every `$name` replaced by the input's value, types kept; unknown names are problems. */
export function substitute(
  value: unknown,
  values: Readonly<Record<string, unknown>>,
  checking: Checking,
  path: Path,
): unknown {
  if (Array.isArray(value))
    return value.map((part, index) => substitute(part, values, checking, [...path, index]));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, substitute(part, values, checking, [...path, key])]),
    );
  }
  const name = typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined;
  if (name === undefined) return value;
  if (Object.hasOwn(values, name)) return values[name];
  if (!checking.inputs.includes(name)) unknownInput(checking, path, name);
  return value;
}
