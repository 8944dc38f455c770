import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { compileExpression } from '#libs/expression';
import {
  compileWorkflow,
  eventShapes,
  FUNCTIONS,
  INPUTS,
  STEP_KINDS,
  TRIGGER_KINDS,
  VARIABLES,
  workflowJsonSchema,
} from '#libs/workflow';
import type { Docs } from '#libs/workflow';
import { referenceFiles } from '../apps/cli/src/commands/reference.js';

const WORKFLOWS = 'programme/workflows';
const matches = new Ajv2020({ strict: false, allowUnionTypes: true }).compile(workflowJsonSchema());

const engineTakes = (text: string) => compileWorkflow(text, { file: 'w.yaml', catalog: {} });
const examplesOf = ({ docs }: { docs: Docs }) => [docs.example, ...(docs.examples ?? [])];
const indented = (text: string, by: string) => text.split('\n').join(`\n${by}`);

const onTrigger = (on: string) =>
  `id: w\nname: W\n${on}\nsteps:\n  - { id: only, send: { template: t, to: '"ada"' } }\n`;
// Other steps that examples lean on: a hold before, a way out behind.
const withStep = (words: string) => `id: w
name: W
on: { event: anything.happened, key: event.personId }
steps:
  - { id: reserve, hold: { entries: event.entryId, reason: Set aside } }
  - id: example
    ${indented(words, '    ')}
  - { id: later, send: { template: t } }
`;

describe('what is made from the engine', () => {
  it.each(Object.entries(referenceFiles()))('%s is checked in as it is made', (file, made) => {
    // When this fails: npm run build && node dist/apps/cli/src/main.js reference --write
    expect(readFileSync(file, 'utf8')).toBe(made);
  });

  it('names every kind of trigger, step and input', () => {
    const reference = referenceFiles()['docs/reference/workflows.md'] ?? '';
    for (const { kind } of [...TRIGGER_KINDS, ...STEP_KINDS]) expect(reference).toContain(`\n### ${kind}\n`);
    for (const type of Object.keys(INPUTS)) expect(reference).toContain(`\n| ${type} |`);
  });
});

describe('an example of the reference', () => {
  const triggers = TRIGGER_KINDS.flatMap((kind) =>
    examplesOf(kind).map((example) => [kind.kind, onTrigger(example)]),
  );
  const steps = STEP_KINDS.flatMap((kind) =>
    examplesOf(kind).map((example) => [kind.kind, withStep(example)]),
  );

  it.each([...triggers, ...steps])('of %s is taken by the engine and by the schema', (_kind, text) => {
    const result = engineTakes(text);
    expect(result.ok ? [] : result.problems).toEqual([]);
    expect([matches(parse(text)), matches.errors]).toEqual([true, null]);
  });

  it.each(Object.entries(INPUTS))('of an input of type %s is taken', (type, { example }) => {
    const text = onTrigger(`inputs:\n  it: ${example}\non: { event: a.b }`);
    const result = engineTakes(text);
    expect(result.ok && result.definition.inputs['it']?.type).toBe(type);
    expect([matches(parse(text)), matches.errors]).toEqual([true, null]);
  });

  it.each([...VARIABLES, ...FUNCTIONS].map(({ name, example }) => [name, example]))(
    'of %s is an expression',
    (_name, example) => {
      expect(compileExpression(example, 'workflow')).toMatchObject({ ok: true });
    },
  );
});

describe('the workflows of the programme', () => {
  it.each(readdirSync(WORKFLOWS).filter((file) => file.endsWith('.yaml')))('%s is taken by both', (file) => {
    const text = readFileSync(`${WORKFLOWS}/${file}`, 'utf8');
    const result = compileWorkflow(text, { file, catalog: { shapes: eventShapes() } });
    expect(result.ok ? [] : result.problems).toEqual([]);
    expect([matches(parse(text)), matches.errors]).toEqual([true, null]);
  });
});

describe('a document of the wrong shape', () => {
  it.each<[string, string]>([
    ['nothing at all', 'null'],
    ['a list', '[1]'],
    ['a file without an id', 'name: W\non: { event: a.b }\nsteps: [{ id: a, award: { points: 1 } }]'],
    ['a file without a trigger', 'id: w\nname: W\nsteps: [{ id: a, award: { points: 1 } }]'],
    ['a file without steps', 'id: w\nname: W\non: { event: a.b }'],
    ['an id in capitals', 'id: W\nname: W\non: { event: a.b }\nsteps: [{ id: a, award: { points: 1 } }]'],
    ['an unknown word at the top', onTrigger('whom: all\non: { event: a.b }')],
    ['an unknown trigger', onTrigger('on: { evnt: a.b }')],
    ['no trigger in the list', onTrigger('on: []')],
    ['an unknown word of a trigger', onTrigger('on: { event: a.b, when: now }')],
    ['a wrong choice of a trigger', onTrigger('on: { schedule: "0 9 * * *", zone: UTC, misfire: never }')],
    ['a wrong word of the calendar', onTrigger('calendar: { days: weekdays }\non: { event: a.b }')],
    ['a stop without an event', onTrigger('stop_when: { key: event.id }\non: { event: a.b }')],
    ['an input without a label', onTrigger('inputs: { x: { type: text, default: a } }\non: { event: a.b }')],
    [
      'an input of no type',
      onTrigger('inputs: { x: { label: X, type: colour, default: a } }\non: { event: a.b }'),
    ],
    [
      'an input without a sound name',
      onTrigger('inputs: { X-1: { label: X, type: text, default: a } }\non: { event: a.b }'),
    ],
    ['a word of again that is none', onTrigger('again: never\non: { event: a.b }')],
    ['a step that does nothing', withStep('{}'.replace('{}', 'retry: { times: 1, after: 1h }'))],
    ['an unknown step word', withStep('sned: { template: t }')],
    ['a step of two actions', withStep('send: { template: t }\naward: { points: 1 }')],
    ['a send without a template', withStep('send: { to: person.lead }')],
    ['an unknown word of a send', withStep('send: { template: t, cc: person.lead }')],
    ['a number where a text belongs', withStep('send: { template: 7 }')],
    ['steps under an award', withStep('award: { points: 1 }\nsteps: [{ id: x, award: { points: 1 } }]')],
    [
      'steps beside an action under a condition',
      withStep('if: event.x\naward: { points: 1 }\nsteps: [{ id: x, award: { points: 1 } }]'),
    ],
    ['else without a condition', withStep('award: { points: 1 }\nelse: [{ id: x, award: { points: 1 } }]')],
    ['as without a loop', withStep('award: { points: 1 }\nas: winner')],
    ['a loop without steps', withStep('for_each: event.list')],
    [
      'an item called like a variable',
      withStep('for_each: event.list\nas: person\nsteps: [{ id: x, award: { points: 1 } }]'),
    ],
    ['a choice of no ways', withStep('choose: []')],
    ['a way without steps', withStep('choose: [{ if: event.x }]')],
    [
      'a step in a way without an id',
      withStep('choose: [{ if: event.x, steps: [{ award: { points: 1 } }] }]'),
    ],
    ['a throttle without a limit', withStep('throttle: { per: hour }\nsend: { template: t }')],
    ['a throttle of nothing', withStep('throttle: { limit: 3, per: hour }\nif: event.x')],
    ['a retry of a hundred times', withStep('retry: { times: 100, after: 1h }\nsend: { template: t }')],
  ])('%s is refused by the engine and by the schema', (_what, text) => {
    expect(engineTakes(text).ok).toBe(false);
    expect(matches(parse(text))).toBe(false);
  });
});
