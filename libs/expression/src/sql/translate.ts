import { readTree } from '../ast.js';
import type { Node } from '../ast.js';
import { compileExpression } from '../compile.js';
import { environmentFor, SCOPES } from '../environment.js';
import { constantTerm, isPlainText, parameter } from './terms.js';
import type { Sql, SqlOptions, Term, Translation } from './terms.js';

/**
 * The same condition in SQL, or null when it asks for something that only evaluating can answer. It is true for exactly the people
 * for whom the expression is; what would be an error in memory is NULL here, which AND, OR and NOT treat alike in both worlds.
 */
export function audienceSql(source: string, options: SqlOptions): Sql | null {
  if (!compileExpression(source, 'audience', { expects: 'bool' }).ok) return null;
  const program = environmentFor(SCOPES.audience).parse(source);
  const root = program.ast as unknown as Node;
  readTree(root);
  const translation: Translation = { ...options, parameters: [] };
  const condition = conditionOf(root, translation);
  return condition === null ? null : { condition, parameters: translation.parameters };
}

function conditionOf(node: Node, to: Translation): string | null {
  const args = node.args as Node[];
  switch (node.op) {
    case '&&':
    case '||':
      return joined(args, node.op === '&&' ? 'AND' : 'OR', to);
    case '!_':
      return wrapped(conditionOf(node.args as Node, to), (inner) => `(NOT ${inner})`);
    case '?:':
      return choice(args, to);
    case '==':
    case '!=':
      return equality(args, node.op === '==', to);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(args, node.op, to);
    case 'in':
      return membership(args, to);
    case 'rcall':
      return textCall(node, to);
    default:
      return wrapped(termOf(node, to), ({ sql, type }) => (type === 'bool' ? sql : null));
  }
}

function wrapped<T>(value: T | null, make: (value: T) => string | null): string | null {
  return value === null ? null : make(value);
}

function joined(args: readonly Node[], word: 'AND' | 'OR', to: Translation): string | null {
  const parts = args.map((arg) => conditionOf(arg, to));
  return parts.includes(null) ? null : `(${parts.join(` ${word} `)})`;
}

// An answer that cannot be told chooses neither way.
function choice(args: readonly Node[], to: Translation): string | null {
  const [asked, yes, no] = args.map((arg) => conditionOf(arg, to));
  if (!asked || !yes || !no) return null;
  return `(CASE WHEN ${asked} THEN ${yes} WHEN NOT ${asked} THEN ${no} END)`;
}

function equality(args: readonly Node[], same: boolean, to: Translation): string | null {
  const [left, right] = args.map((arg) => termOf(arg, to));
  if (!left || !right) return null;
  // Things of different kinds are not equal in CEL and not comparable in SQL; null compares with everything.
  if (left.type !== right.type && left.type !== 'null' && right.type !== 'null') return null;
  return `(${left.sql} IS ${same ? 'NOT ' : ''}DISTINCT FROM ${right.sql})`;
}

function comparison(args: readonly Node[], operator: string, to: Translation): string | null {
  const [left, right] = args.map((arg) => termOf(arg, to));
  if (!left || !right || left.type !== right.type) return null;
  if (left.type === 'number') return `(${left.sql} ${operator} ${right.sql})`;
  // JavaScript orders by UTF-16, the C collation by code point: with a text of ASCII on one side both agree.
  const ascii = left.ascii === true || right.ascii === true;
  return left.type === 'text' && ascii
    ? `(${left.sql} COLLATE "C" ${operator} ${right.sql} COLLATE "C")`
    : null;
}

function membership([asked, list]: readonly Node[], to: Translation): string | null {
  const value = asked ? termOf(asked, to) : null;
  if (!value || list?.op !== 'list') return null;
  const items = (list.args as Node[]).map((item) => (item.op === 'value' ? item.args : undefined));
  const fits = items.every((item) =>
    value.type === 'text' ? isPlainText(item) : value.type === 'number' && typeof item === 'number',
  );
  if (!fits) return null;
  const cast = value.type === 'text' ? 'text[]' : 'double precision[]';
  return `(${value.sql} IS NOT NULL AND ${value.sql} = ANY(${parameter(items, cast, to)}))`;
}

const TEXT_CALLS: Readonly<Record<string, (text: string, part: string) => string>> = {
  startsWith: (text, part) => `starts_with(${text}, ${part})`,
  endsWith: (text, part) => `(right(${text}, length(${part})) = ${part})`,
  contains: (text, part) => `(strpos(${text}, ${part}) > 0)`,
};

function textCall(node: Node, to: Translation): string | null {
  const [name, receiver, params] = node.args as [string, Node, Node[]];
  const [part] = params;
  const make = Object.hasOwn(TEXT_CALLS, name) ? TEXT_CALLS[name] : undefined;
  if (!make || !part) return null;
  const [text, sought] = [termOf(receiver, to), termOf(part, to)];
  return text?.type === 'text' && sought?.type === 'text' ? make(text.sql, sought.sql) : null;
}

function termOf(node: Node, to: Translation): Term | null {
  if (node.op === 'value') return constantTerm(node.args, to);
  if (node.op === 'call' || node.op === 'rcall') return metricTerm(node, to);
  const path = pathOf(node);
  if (path === null) return null;
  const [root = '', ...fields] = path;
  if (root === 'person') return to.column(fields.join('.'));
  return constantTerm(valueAt(to.values?.[root], fields), to);
}

function metricTerm(node: Node, to: Translation): Term | null {
  const args = node.args as unknown[];
  const [name, params] = node.op === 'call' ? [args[0], args[1]] : [args[0], args[2]];
  if (name !== 'metric') return null;
  if (node.op === 'rcall' && pathOf(args[1])?.join('.') !== 'person') return null;
  const [metric, window] = (params as Node[]).map(({ args: text }) => String(text));
  const sql = to.metric(metric ?? '', window ?? '', (value, cast) => parameter(value, cast, to));
  return sql === null ? null : { sql: `(${sql})::double precision`, type: 'number' };
}

function pathOf(value: unknown): string[] | null {
  const node = value as Node;
  if (node.op === 'id') return [String(node.args)];
  if (node.op !== '.') return null;
  const [target, field] = node.args as [unknown, unknown];
  const before = pathOf(target);
  return before === null ? null : [...before, String(field)];
}

function valueAt(value: unknown, fields: readonly string[]): unknown {
  return fields.reduce<unknown>(
    (inner, field) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, field)
        ? (inner as Record<string, unknown>)[field]
        : undefined,
    value,
  );
}
