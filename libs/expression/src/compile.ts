import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { readTree } from './ast.js';
import type { ExpressionError, Node, Reading } from './ast.js';
import { environmentFor, SCOPES } from './environment.js';
import type { ScopeName } from './environment.js';
import { fromCel, personFieldError } from './errors.js';
import { expressionOf } from './evaluate.js';
import type { Expression } from './evaluate.js';
import { MAX_LENGTH } from './limits.js';
import type { Shape } from './shape.js';
import { checkShapes, unknownPath } from './typed.js';
import type { Shapes } from './typed.js';

/** What compiling gives: the expression and the shape of its result, or the first mistake with its mend. Never throws. */
export type Compiled =
  { ok: true; expression: Expression; shape: Shape } | { ok: false; error: ExpressionError };

/** Further names in scope (the `as` of for_each), what the variables look like, and the kind of result wanted. */
export interface CompileOptions {
  names?: readonly string[];
  /** By variable; without a shape a variable may be anything. */
  shapes?: Shapes;
  expects?: 'bool' | 'list' | 'number' | 'text';
}

// Programmes hold hundreds of expressions; the bound only keeps a console with live checking from growing for ever.
const MAX_CACHED = 5000;
const cache = new Map<string, Compiled>();

/** Parses and type-checks a CEL expression for a scope; equal requests share one compiled expression. */
export function compileExpression(source: string, scope: ScopeName, options: CompileOptions = {}): Compiled {
  const names = [...SCOPES[scope], ...(options.names ?? [])];
  const key = JSON.stringify([source, names, options.expects ?? '', options.shapes ?? '']);
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= MAX_CACHED) cache.clear();
  const compiled = compileFresh(source, names, options);
  cache.set(key, compiled);
  return compiled;
}

function compileFresh(source: string, names: readonly string[], options: CompileOptions): Compiled {
  if (source.trim() === '')
    return wrong({ message: 'the expression is empty', mend: 'write a condition or take the line away' });
  if (source.length > MAX_LENGTH)
    return wrong({
      message: `the expression has ${source.length} characters`,
      mend: `write at most ${MAX_LENGTH}, or make several steps of it`,
    });
  const parsed = parse(environmentFor([...new Set(names)]), source, names);
  if (!parsed.ok) return parsed;
  const reading = readTree(parsed.program.ast as unknown as Node);
  const error = readingError(reading) ?? unknownPath(reading.paths, options.shapes ?? {});
  if (error) return wrong(error);
  const typed = checkTypes(parsed.program, source, names, options);
  if (!typed.ok) return typed;
  return { ok: true, expression: expressionOf(source, parsed.program, reading), shape: typed.shape };
}

type Parsed = { ok: true; program: ParseResult } | { ok: false; error: ExpressionError };

function parse(env: Environment, source: string, names: readonly string[]): Parsed {
  try {
    return { ok: true, program: env.parse(source) };
  } catch (error) {
    return { ok: false, error: fromCel(error, source, names) };
  }
}

function readingError(reading: Reading): ExpressionError | undefined {
  const fields = [...reading.paths].map(([path, node]) => personFieldError(path, node));
  return reading.errors[0] ?? fields.find((e) => e !== null) ?? undefined;
}

type Checked = { ok: true; shape: Shape } | { ok: false; error: ExpressionError };

function checkTypes(
  program: ParseResult,
  source: string,
  names: readonly string[],
  { shapes, expects }: CompileOptions,
): Checked {
  const checked = program.check();
  if (!checked.valid) return { ok: false, error: fromCel(checked.error, source, names) };
  const typed = checkShapes(source, names, shapes ?? {});
  if (!typed.ok) {
    const error = fromCel(typed.error, source, names);
    return { ok: false, error: typed.mend === undefined ? error : { ...error, mend: typed.mend } };
  }
  const error = wrongKind(typed.type, expects);
  return error ? { ok: false, error } : { ok: true, shape: typed.shape };
}

const WANTED: Record<
  NonNullable<CompileOptions['expects']>,
  { types: RegExp; words: string; mend: string }
> = {
  bool: {
    types: /^(bool|dyn)$/,
    words: 'a condition',
    mend: 'compare it with something, for example == "executive" or > 0',
  },
  list: { types: /^(list.*|dyn)$/, words: 'a list', mend: 'give a list, for example event.ranking' },
  number: { types: /^(double|int|uint|dyn)$/, words: 'a number', mend: 'give a number' },
  text: { types: /^(string|dyn)$/, words: 'a text', mend: 'give a text, for example person.id' },
};

function wrongKind(type: string, expects: CompileOptions['expects']): ExpressionError | undefined {
  if (type === 'Person')
    return {
      message: 'the whole person cannot be a result',
      mend: 'name a field, for example person.id',
      offset: 0,
    };
  if (!expects || WANTED[expects].types.test(type)) return undefined;
  return {
    message: `${WANTED[expects].words} is needed here, this is ${wordsFor(type)}`,
    mend: WANTED[expects].mend,
    offset: 0,
  };
}

const WORDS: Readonly<Record<string, string>> = {
  bool: 'a condition',
  double: 'a number',
  int: 'a number',
  string: 'a text',
  null: 'null',
};

function wordsFor(type: string): string {
  return WORDS[type] ?? (type.startsWith('list') ? 'a list' : 'a block of fields');
}

function wrong(error: ExpressionError): Compiled {
  return { ok: false, error };
}
