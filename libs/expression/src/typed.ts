import type { Environment } from '@marcbachmann/cel-js';
import { readTree } from './ast.js';
import type { ExpressionError, Node, Reading } from './ast.js';
import { environmentWith } from './environment.js';
import { fieldsOf } from './shape.js';
import type { Shape } from './shape.js';
import { didYouMean } from './suggest.js';

/** What is known of the variables, by name; a name left out may be anything. */
export type Shapes = Readonly<Record<string, Shape>>;

/** What checking against shapes gives: CEL's name of the result's type and its shape, or CEL's error. */
export type Typed = { ok: true; type: string; shape: Shape } | { ok: false; error: unknown; mend?: string };

interface TypedEnvironment {
  environment: Environment;
  /** The shapes behind the type names made up for blocks of fields. */
  types: Map<string, Shape>;
}

const MAX_CACHED = 200;
const cache = new Map<string, TypedEnvironment>();

/** Checks an expression against the shapes of its variables. Only the checking knows shapes: what is evaluated stays lenient. */
export function checkShapes(source: string, names: readonly string[], shapes: Shapes): Typed {
  const { environment, types } = typedEnvironment(names, shapes);
  const program = environment.parse(source);
  readTree(program.ast as unknown as Node);
  const checked = program.check();
  if (checked.valid) return { ok: true, type: checked.type ?? 'dyn', shape: shapeNamed(checked.type, types) };
  const mend = mendField(checked.error, types);
  return { ok: false, error: checked.error, ...(mend === null ? {} : { mend }) };
}

/** The first path that names a field its shape has not, with the mend; null when all are sound. */
export function unknownPath(paths: Reading['paths'], shapes: Shapes): ExpressionError | null {
  for (const [path, node] of paths) {
    const [root = '', ...rest] = path.split('.');
    const error = unknownIn(root, rest, shapes[root], node);
    if (error) return error;
  }
  return null;
}

function unknownIn(
  root: string,
  rest: string[],
  shape: Shape | undefined,
  node: Node,
): ExpressionError | null {
  const fields = fieldsOf(shape);
  const [field, ...deeper] = rest;
  if (!fields || field === undefined) return null;
  if (Object.hasOwn(fields, field)) return unknownIn(`${root}.${field}`, deeper, fields[field], node);
  const known = Object.keys(fields);
  const mend = known.length > 0 ? didYouMean(field, known) : `there is nothing in ${root} here`;
  return { message: `unknown field ${root}.${field}`, mend, offset: node.start };
}

function typedEnvironment(names: readonly string[], shapes: Shapes): TypedEnvironment {
  const key = JSON.stringify([names, shapes]);
  let made = cache.get(key);
  if (!made) {
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, (made = makeEnvironment(names, shapes)));
  }
  return made;
}

function makeEnvironment(names: readonly string[], shapes: Shapes): TypedEnvironment {
  const types = new Map<string, Shape>();
  const environment = environmentWith(names, (fresh, name) =>
    typeFor(shapes[name] ?? 'dyn', name, fresh, types),
  );
  return { environment, types };
}

function typeFor(shape: Shape, name: string, environment: Environment, types: Map<string, Shape>): string {
  if (typeof shape === 'string') return shape;
  if ('list' in shape) return `list<${typeFor(shape.list, `${name}Item`, environment, types)}>`;
  if ('map' in shape) return `map<string, ${typeFor(shape.map, `${name}Value`, environment, types)}>`;
  const fields = Object.entries(shape.fields).map(([field, part]): [string, string] => [
    field,
    typeFor(part, `${name}${capital(field)}`, environment, types),
  ]);
  const type = freeName(capital(name), types);
  types.set(type, shape);
  environment.registerType(type, { fields: Object.fromEntries(fields) });
  if (Object.hasOwn(shape.fields, 'ranking'))
    environment.registerFunction(`${type}.rankOf(string): dyn`, () => null);
  return type;
}

// Types of CEL are words of letters and digits; steps and fields may be called otherwise.
function capital(word: string): string {
  const letters = word.replaceAll(/[^A-Za-z0-9]/g, '');
  return `${letters.charAt(0).toUpperCase()}${letters.slice(1)}`;
}

function freeName(wanted: string, types: ReadonlyMap<string, Shape>): string {
  const taken = (name: string) => types.has(name) || ['Person', 'Consents', 'CelNamespace'].includes(name);
  if (wanted.length > 1 && !taken(wanted)) return wanted;
  let count = 2;
  while (taken(`${wanted}Block${count}`)) count++;
  return `${wanted}Block${count}`;
}

function shapeNamed(type: string | undefined, types: ReadonlyMap<string, Shape>): Shape {
  const list = /^list<(.+)>$/.exec(type ?? '');
  if (list) return { list: shapeNamed(list[1], types) };
  if (type === 'list') return { list: 'dyn' };
  if (type === 'string' || type === 'double' || type === 'bool') return type;
  return type === 'int' ? 'double' : (types.get(type ?? '') ?? 'dyn');
}

// The field of an item in a loop: its list is known, the loop's own name is not among the paths.
function mendField(error: unknown, types: ReadonlyMap<string, Shape>): string | null {
  const { code, node } = error as { code?: string; node?: { args: unknown } };
  if (code !== 'no_such_key' || !Array.isArray(node?.args)) return null;
  const [target, name] = node.args as [{ checkedType?: { name: string } }, unknown];
  const field = typeof name === 'object' ? (name as Node).args : name;
  const fields = fieldsOf(types.get(target.checkedType?.name ?? ''));
  return fields && typeof field === 'string' ? didYouMean(field, Object.keys(fields)) : null;
}
