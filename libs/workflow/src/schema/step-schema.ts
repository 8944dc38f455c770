import type { StepKind } from '../kinds.js';
import { STEP_KINDS } from '../steps/list.js';
import { block, described, withInputs } from './words.js';
import type { Json } from './words.js';

const STEPS: Json = { $ref: '#/$defs/steps' };
const needs = (word: string): Json => ({ required: [word] });
const none = (words: readonly string[]): Json => ({ not: { anyOf: words.map(needs) } });
const wordsOf = (role: StepKind['role']) =>
  STEP_KINDS.filter((kind) => kind.role === role).map(({ kind }) => kind);

/** The JSON Schema of one step: its words, and which of them go together. */
export function stepSchema(): Json {
  return {
    type: 'object',
    required: ['id'],
    additionalProperties: false,
    properties: {
      ...structureWords(),
      ...Object.fromEntries(STEP_KINDS.map((kind) => [kind.kind, wordSchema(kind)])),
    },
    oneOf: oneAction(),
    allOf: together(),
  };
}

function structureWords(): Record<string, Json> {
  return {
    id: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_-]*$',
      description:
        'How the step is known, also in later versions; its result stands in vars under this name.',
    },
    as: {
      type: 'string',
      pattern: '^(?!(?:event|person|run|inputs|vars|in|true|false|null|cel)$)[a-z][A-Za-z0-9_]*$',
      description: 'What the steps below call the item of for_each.',
    },
    steps: { ...STEPS, description: 'Done for every item of for_each, or when the condition holds.' },
    else: { ...STEPS, description: 'Done when the condition does not hold, or none of the ways.' },
  };
}

function wordSchema(kind: StepKind): Json {
  const own = withSteps(withInputs(block(kind.schema)));
  const short = kind.shorthand('text') === 'text' ? own : { anyOf: [{ type: 'string' }, own] };
  return described(short, kind.docs);
}

// A way of a choose holds steps; its own schema leaves them open.
function withSteps(schema: Json): Json {
  const items = schema['items'] as Json | undefined;
  if (items?.properties?.['steps'] === undefined) return schema;
  return { ...schema, items: { ...items, properties: { ...items.properties, steps: STEPS } } };
}

// Exactly one action, or none beside a wait or a condition.
function oneAction(): Json[] {
  const actions = wordsOf('action');
  const only = [...actions, 'throttle', 'retry'];
  return [...actions.map(needs), { ...none(only), anyOf: [needs('wait'), needs('if')] }];
}

function together(): Json[] {
  const others = wordsOf('action').filter((action) => action !== 'for_each');
  // Not A, or B: JSON Schema's own word for it would make a promise of the object in the eyes of JavaScript.
  const implies = (word: string, needed: Json): Json => ({ anyOf: [{ not: needs(word) }, needed] });
  return [
    implies('steps', { anyOf: [needs('for_each'), { ...needs('if'), ...none(others) }] }),
    implies('else', { anyOf: [needs('if'), needs('choose')] }),
    implies('as', needs('for_each')),
    implies('for_each', needs('steps')),
  ];
}
