import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { readTree } from './ast.js';
import type { ExpressionError, Node, Reading } from './ast.js';
import { environmentFor, SCOPES } from './environment.js';
import type { ScopeName } from './environment.js';
import { fromCel, personFieldError } from './errors.js';
import { expressionOf } from './evaluate.js';
import type { Expression } from './evaluate.js';

/** What compiling gives: the expression, or the first mistake with its mend. Never throws for a wrong expression. */
export type Compiled = { ok: true; expression: Expression } | { ok: false; error: ExpressionError };

/** Further names in scope (the `as` of for_each), and the kind of result wanted: anything unless told. */
export interface CompileOptions {
  names?: readonly string[];
  expects?: 'bool' | 'list' | 'number';
}

// Programmes hold hundreds of expressions; the bound only keeps a console with live checking from growing for ever.
const MAX_CACHED = 5000;
const cache = new Map<string, Compiled>();

/** Parses and type-checks a CEL expression for a scope; equal requests share one compiled expression. */
export function compileExpression(source: string, scope: ScopeName, options: CompileOptions = {}): Compiled {
  const names = [...SCOPES[scope], ...(options.names ?? [])];
  const key = JSON.stringify([source, names, options.expects ?? '']);
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= MAX_CACHED) cache.clear();
  const compiled = compileFresh(source, names, options.expects);
  cache.set(key, compiled);
  return compiled;
}

function compileFresh(
  source: string,
  names: readonly string[],
  expects: CompileOptions['expects'],
): Compiled {
  if (source.trim() === '')
    return wrong({ message: 'the expression is empty', mend: 'write a condition or take the line away' });
  const parsed = parse(environmentFor([...new Set(names)]), source, names);
  if (!parsed.ok) return parsed;
  const reading = readTree(parsed.program.ast as unknown as Node);
  const error = readingError(reading) ?? typeError(parsed.program, source, names, expects);
  return error ? wrong(error) : { ok: true, expression: expressionOf(source, parsed.program, reading) };
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

function typeError(
  program: ParseResult,
  source: string,
  names: readonly string[],
  expects: CompileOptions['expects'],
): ExpressionError | undefined {
  const checked = program.check();
  if (!checked.valid) return fromCel(checked.error, source, names);
  return wrongKind(checked.type ?? 'dyn', expects);
}

const WANTED: Record<'bool' | 'list' | 'number', { types: RegExp; words: string; mend: string }> = {
  bool: {
    types: /^(bool|dyn)$/,
    words: 'a condition',
    mend: 'compare it with something, for example == "executive" or > 0',
  },
  list: { types: /^(list.*|dyn)$/, words: 'a list', mend: 'give a list, for example event.ranking' },
  number: { types: /^(double|int|uint|dyn)$/, words: 'a number', mend: 'give a number' },
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
    message: `${WANTED[expects].words} is needed here, this is a ${type}`,
    mend: WANTED[expects].mend,
    offset: 0,
  };
}

function wrong(error: ExpressionError): Compiled {
  return { ok: false, error };
}
