import { z } from 'zod';
import { calendarSchema, inputSchema, workflowSchema } from '../definition.js';
import { stopSchema } from '../compile-triggers.js';
import type { Docs } from '../kinds.js';
import { TRIGGER_KINDS } from '../triggers/list.js';
import { stepSchema } from './step-schema.js';
import { block, described, withInputs } from './words.js';
import type { Json } from './words.js';

/** The JSON Schema of a workflow file (2020-12, with nothing that editors of draft-07 do not know), made of the kinds themselves. */
export function workflowJsonSchema(): Json {
  const shape = block(workflowSchema);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Workflow',
    description: 'A workflow of a Laurel programme.',
    ...shape,
    required: ['id', 'name', 'on', 'steps'],
    properties: { ...shape.properties, ...ownWords() },
    $defs: {
      steps: { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } },
      step: stepSchema(),
      trigger: triggerSchema(),
    },
  };
}

function ownWords(): Record<string, Json> {
  const trigger: Json = { $ref: '#/$defs/trigger' };
  const stop = withInputs(block(stopSchema));
  return {
    inputs: {
      type: 'object',
      description:
        'What HR can tune in a form; $name puts the value anywhere below, inputs.name into expressions.',
      propertyNames: { pattern: '^[a-z][A-Za-z0-9_]*$' },
      additionalProperties: block(inputSchema),
    },
    on: {
      description: 'What starts a run: one trigger or a list.',
      anyOf: [trigger, { type: 'array', minItems: 1, items: trigger }],
    },
    stop_when: {
      description: 'The event that ends runs: those with its key, or without a key those of its person.',
      anyOf: [stop, { type: 'array', items: stop }],
    },
    calendar: {
      ...withInputs(block(calendarSchema)),
      description: 'Where and when every wait below stands.',
    },
    audience: {
      type: 'string',
      description: 'A condition on people: every start makes one run for each who matches.',
    },
    steps: { $ref: '#/$defs/steps', description: 'What is done, from the top.' },
  };
}

function triggerSchema(): Json {
  return { anyOf: TRIGGER_KINDS.map(({ schema, docs }) => triggerOf(schema, docs)) };
}

function triggerOf(schema: z.ZodType, docs: Docs): Json {
  return described(withInputs(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Json), docs);
}
