import type { ExpressionError, Node } from './ast.js';
import { FUNCTIONS } from './functions.js';
import { PARSER_LIMITS } from './limits.js';
import { CONSENT_FIELDS, PERSON_FIELDS } from './person.js';
import { didYouMean, nearest } from './suggest.js';

/** An error as CEL throws it, as far as we look at it. */
interface CelError {
  code?: string;
  summary?: string;
  range?: { start: number };
}

/** The readable form of an error CEL found while reading or checking an expression. */
export function fromCel(error: unknown, source: string, names: readonly string[]): ExpressionError {
  const { code, summary = String(error), range } = error as CelError;
  const offset = range ? { offset: range.start } : {};
  if (code === 'unknown_variable') return { ...unknownName(summary.split(': ')[1] ?? '', names), ...offset };
  if (code === 'no_matching_overload')
    return { message: summary, mend: callMend(source, range?.start ?? 0), ...offset };
  return { message: plainly(code, summary), ...mendFor(summary, source), ...offset };
}

function plainly(code: string | undefined, summary: string): string {
  if (code === 'no_such_key') return `unknown field ${summary.split(': ')[1] ?? ''}`;
  if (code === 'limit_exceeded')
    return `the expression is too large: ${LIMIT_WORDS[/max\w+/.exec(summary)?.[0] ?? '']}`;
  return summary;
}

const LIMIT_WORDS: Readonly<Record<string, string>> = {
  maxAstNodes: `more than ${PARSER_LIMITS.maxAstNodes} words and signs`,
  maxDepth: `brackets stand more than ${PARSER_LIMITS.maxDepth} deep`,
  maxListElements: `a list of more than ${PARSER_LIMITS.maxListElements}`,
  maxMapEntries: `more than ${PARSER_LIMITS.maxMapEntries} entries in braces`,
  maxCallArguments: `more than ${PARSER_LIMITS.maxCallArguments} values for one function`,
};

/** The error of a path that names no field of a person, or null when it is sound. */
export function personFieldError(path: string, node: Node): ExpressionError | null {
  const [root, field, consent] = path.split('.');
  if (root !== 'person' || field === undefined) return null;
  if (!Object.hasOwn(PERSON_FIELDS, field))
    return unknownField(`person.${field}`, field, PERSON_FIELDS, node);
  if (field !== 'consents' || consent === undefined || Object.hasOwn(CONSENT_FIELDS, consent)) return null;
  return unknownField(`person.consents.${consent}`, consent, CONSENT_FIELDS, node);
}

function unknownField(
  path: string,
  field: string,
  fields: Readonly<Record<string, string>>,
  node: Node,
): ExpressionError {
  return {
    message: `unknown field ${path}`,
    mend: didYouMean(field, Object.keys(fields)),
    offset: node.start,
  };
}

function unknownName(name: string, names: readonly string[]): ExpressionError {
  const message = `unknown name ${name}`;
  if (nearest(name, names) === null && names.includes('person')) {
    const field = nearest(name, Object.keys(PERSON_FIELDS));
    if (field !== null) return { message, mend: `did you mean person.${field}?` };
  }
  return { message, mend: `${didYouMean(name, names)} (text stands in quotes)` };
}

function callMend(source: string, offset: number): string {
  const called = [...source.slice(offset).matchAll(/([A-Za-z_]\w*)\s*\(/g)].map((m) => m[1] ?? '');
  for (const name of called) {
    const known = nearest(name, Object.keys(FUNCTIONS));
    if (known !== null) return known === name ? `write ${FUNCTIONS[known]}` : `did you mean ${known}?`;
  }
  return 'check the name of the function and the kinds of its arguments';
}

function mendFor(summary: string, source: string): { mend?: string } {
  if (summary.startsWith('Exceeded')) return { mend: 'make it shorter, or make several steps of it' };
  if (/no such overload: (string|double|bool|list\S*) [!=]= null/.test(summary))
    return { mend: 'this is never empty: leave the comparison with null away' };
  if (/[^=!<>]=[^=]/.test(source)) return { mend: 'to compare write ==' };
  if (/Unexpected character: [&|]/.test(summary)) return { mend: 'write && for and, || for or' };
  if (/\b(and|or|not)\b/i.test(source)) return { mend: 'write && for and, || for or, ! for not' };
  if (summary.startsWith('Unexpected token: EOF'))
    return { mend: 'the expression stops in the middle: finish it' };
  if (summary.startsWith('no such overload'))
    return { mend: 'compare things of the same kind: text with text, numbers with numbers' };
  return {};
}
