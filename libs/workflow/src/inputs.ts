import { didYouMean } from '#libs/expression';
import type { Shape } from '#libs/expression';
import { readShape, report, unknownInput } from './checking.js';
import type { Checking } from './checking.js';
import { inputSchema } from './definition.js';
import type { InputSpec } from './definition.js';
import { misfit } from './input-values.js';
import { pathText } from './problem.js';
import type { Path } from './problem.js';

/** The declared inputs, and the value of each: what HR set, else the default. */
export interface Inputs {
  specs: Record<string, InputSpec>;
  values: Record<string, unknown>;
}

const NAME = /^[a-z][A-Za-z0-9_]*$/;

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
  if (!NAME.test(name))
    return report(
      checking,
      path,
      `${name} cannot name an input`,
      'use letters, digits and _, starting small',
      true,
    );
  const spec = readShape(checking, path, inputSchema, raw, Object.keys(inputSchema.shape));
  if (!spec) return;
  checkSpec(spec, checking, path);
  inputs.specs[name] = spec;
  inputs.values[name] = valueOf(name, spec, given, checking, path);
}

// A wrong value is told here, where it was set; the steps go on with the default, so that it is told once.
function valueOf(
  name: string,
  spec: InputSpec,
  given: Readonly<Record<string, unknown>>,
  checking: Checking,
  path: Path,
): unknown {
  if (!Object.hasOwn(given, name)) return spec.default;
  const wrong = misfit(spec, given[name], checking.catalog);
  if (wrong === null) return given[name];
  report(checking, path, wrong.message, wrong.mend);
  return spec.default;
}

function checkSpec(spec: InputSpec, checking: Checking, path: Path): void {
  const numeric = spec.type === 'number';
  if (spec.type === 'choice' && spec.options === undefined)
    return report(checking, path, 'the choice offers nothing', 'add options: [one, another]');
  if (spec.type !== 'choice' && spec.options !== undefined)
    report(checking, [...path, 'options'], 'options belong to type: choice', 'take them away', true);
  for (const word of ['min', 'max'] as const)
    if (!numeric && spec[word] !== undefined)
      report(checking, [...path, word], `${word} belongs to type: number`, 'take it away', true);
  if (numeric && (spec.min ?? -Infinity) > (spec.max ?? Infinity))
    return report(checking, [...path, 'min'], 'min is more than max', 'swap them');
  const wrong = misfit(spec, spec.default, checking.catalog);
  if (wrong !== null) report(checking, [...path, 'default'], wrong.message, wrong.mend);
}

/** What `inputs` looks like to expressions. */
export function inputShape(specs: Readonly<Record<string, InputSpec>>, declared: readonly string[]): Shape {
  const of = (name: string): Shape => {
    const type = Object.hasOwn(specs, name) ? specs[name]?.type : undefined;
    if (type === undefined) return 'dyn';
    return type === 'number' ? 'double' : type === 'boolean' ? 'bool' : 'string';
  };
  return { fields: Object.fromEntries(declared.map((name) => [name, of(name)])) };
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
  else checking.told.add(pathText(path));
  return value;
}
