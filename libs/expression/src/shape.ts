/** The kinds of value a variable may hold, as far as they are known beforehand; dyn is anything, also nothing. */
export type Shape =
  | 'string'
  | 'double'
  | 'bool'
  | 'dyn'
  | { list: Shape }
  | { map: Shape }
  | { fields: Readonly<Record<string, Shape>> };

/** As much of a JSON Schema as says what a value looks like. */
export interface JsonSchema {
  type?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | JsonSchema[] | boolean;
  [word: string]: unknown;
}

const PLAIN: Readonly<Record<string, Shape>> = {
  string: 'string',
  number: 'double',
  integer: 'double',
  boolean: 'bool',
};

/** The shape a JSON Schema describes. What may be null or missing is dyn, because asking whether it is there must stay fair. */
export function shapeOf(schema: JsonSchema): Shape {
  if (typeof schema.type !== 'string') return 'dyn';
  if (schema.type === 'array') return { list: isSchema(schema.items) ? shapeOf(schema.items) : 'dyn' };
  if (schema.type === 'object') return shapeOfObject(schema);
  return PLAIN[schema.type] ?? 'dyn';
}

function shapeOfObject(schema: JsonSchema): Shape {
  const { properties, additionalProperties, required = [] } = schema;
  if (properties === undefined)
    return isSchema(additionalProperties) ? { map: shapeOf(additionalProperties) } : 'dyn';
  const fields = Object.entries(properties).map(([name, part]): [string, Shape] => [
    name,
    required.includes(name) ? shapeOf(part) : 'dyn',
  ]);
  return { fields: Object.fromEntries(fields) };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What may be said of a value that has one of these shapes: fields that are not alike in all of them are dyn. */
export function unionOf(shapes: readonly Shape[]): Shape {
  const [first = 'dyn', ...others] = shapes;
  if (others.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first;
  const blocks = shapes.map(fieldsOf);
  if (blocks.includes(null)) return 'dyn';
  const names = new Set(blocks.flatMap((block) => Object.keys(block ?? {})));
  return {
    fields: Object.fromEntries(
      [...names].map((name) => [name, unionOf(blocks.map((b) => b?.[name] ?? 'dyn'))]),
    ),
  };
}

/** The fields of a shape, or null when it is no block of fields. */
export function fieldsOf(shape: Shape | undefined): Readonly<Record<string, Shape>> | null {
  return typeof shape === 'object' && 'fields' in shape ? shape.fields : null;
}

/** The shape of the items of a list; dyn for everything else. */
export function itemOf(shape: Shape): Shape {
  return typeof shape === 'object' && 'list' in shape ? shape.list : 'dyn';
}
