import { z } from 'zod';
import type { Docs } from '../kinds.js';

/** A JSON Schema, as far as it is put together here. */
export interface Json {
  properties?: Record<string, Json | false>;
  [word: string]: unknown;
}

/** The value of an input, put in wherever a single value may stand. */
const REFERENCE: Json = { type: 'string', pattern: '^\\$[A-Za-z_][A-Za-z0-9_]*$' };

/** The JSON Schema of a zod schema, without the words only the outermost has. */
export function block(schema: z.ZodType): Json {
  const { $schema: _outermost, ...made } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  return made as Json;
}

/** The same schema with what people read beside it in their editor. */
export function described(schema: Json, { summary, details, example }: Docs): Json {
  const { $schema: _outermost, ...rest } = schema;
  const text = [summary, details].filter(Boolean).join('\n\n');
  return { ...rest, description: text, markdownDescription: `${text}\n\n\`\`\`yaml\n${example}\n\`\`\`` };
}

/** The same schema with `$name` allowed for every number, choice and truth value; for texts it is allowed already. */
export function withInputs(schema: Json): Json {
  if (isLeaf(schema)) return { anyOf: [schema, REFERENCE] };
  const parts = Object.entries(schema).map(([word, value]): [string, unknown] => [word, deeper(word, value)]);
  return Object.fromEntries(parts) as Json;
}

function deeper(word: string, value: unknown): unknown {
  if (word === 'properties')
    return Object.fromEntries(
      Object.entries(value as Record<string, Json>).map(([name, part]) => [name, withInputs(part)]),
    );
  if (word === 'anyOf' || word === 'oneOf' || word === 'allOf') return (value as Json[]).map(withInputs);
  const nests = word === 'items' || word === 'additionalProperties';
  return nests && typeof value === 'object' && value !== null ? withInputs(value as Json) : value;
}

function isLeaf({ type, enum: choices, const: only }: Json): boolean {
  return (
    type === 'number' ||
    type === 'integer' ||
    type === 'boolean' ||
    choices !== undefined ||
    only !== undefined
  );
}
