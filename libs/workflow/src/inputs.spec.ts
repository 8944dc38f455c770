import { describe, expect, it } from '@jest/globals';
import { compileWorkflow, formOf, inputProblems } from './index.js';
import type { Catalog, Definition } from './index.js';

const CATALOG: Catalog = {
  templates: new Set(['welcome', 'reminder']),
  badges: new Set(['weekly-winner']),
  metrics: new Set(['shares']),
};

const withInputs = (inputs: string, steps = '[{ id: a, award: { points: 1 } }]') =>
  `id: w\nname: W\ninputs:\n${inputs}\non: { event: a.b }\nsteps: ${steps}\n`;

function problems(inputs: string, steps?: string, given?: Record<string, unknown>): string[] {
  const context = { file: 'w.yaml', catalog: CATALOG, ...(given ? { inputs: given } : {}) };
  const result = compileWorkflow(withInputs(inputs, steps), context);
  return result.ok ? [] : result.problems.map(({ path, message, mend }) => `${path}: ${message}; ${mend}`);
}

function definitionOf(inputs: string, given: Record<string, unknown> = {}): Definition {
  const result = compileWorkflow(withInputs(inputs), { file: 'w.yaml', catalog: CATALOG, inputs: given });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.definition;
}

const ALL = `
  after: { label: After, type: duration, default: 2d }
  at: { label: At, type: time, default: "09:00" }
  last: { label: Last day, type: date, default: "2026-03-31" }
  zone: { label: Zone, type: zone, default: recipient }
  limit: { label: Limit, type: number, default: 3, min: 1, max: 10, help: Not too many }
  word: { label: Word, type: text, default: Hello }
  lead: { label: Lead, type: boolean, default: true }
  tone: { label: Tone, type: choice, options: [warm, brief], default: warm }
  who: { label: Who, type: audience, default: person.active }
  mail: { label: Mail, type: template, default: welcome }
  badge: { label: Badge, type: badge, default: weekly-winner }
  counts: { label: Counts, type: metric, default: shares }`;

describe('an input', () => {
  it.each<[string, string, string]>([
    ['duration', 'default: soon', '"soon" is no duration'],
    ['time', 'default: "9"', '"9" is no time of day'],
    ['date', 'default: "2026-02-30"', '"2026-02-30" is no date'],
    ['zone', 'default: Europe/Roma', '"Europe/Roma" is no time zone'],
    ['number', 'default: "3"', '"3" is no number'],
    ['number', 'default: 11, min: 1, max: 10', '11 is no number; write a number from 1 to 10'],
    ['number', 'default: 1, min: 2', '1 is no number; write at least 2'],
    ['number', 'default: 3, min: 5, max: 1', 'min is more than max'],
    ['text', 'default: 3', '3 is no text'],
    ['text', 'default: a, min: 3', 'min belongs to type: number'],
    ['boolean', 'default: maybe', '"maybe" is no boolean'],
    ['choice', 'default: loud, options: [warm, brief]', '"loud" is no choice; use one of warm, brief'],
    ['choice', 'default: loud', 'the choice offers nothing'],
    ['text', 'default: a, options: [a]', 'options belong to type: choice'],
    [
      'audience',
      'default: person.actve',
      'is no condition on people; unknown field person.actve: did you mean active?',
    ],
    ['audience', 'default: vars.x == 1', 'is no condition on people'],
    ['template', 'default: remindr', '"remindr" is no template; did you mean reminder?'],
    ['badge', 'default: winner', '"winner" is no badge'],
    ['metric', 'default: share', '"share" is no metric; did you mean shares?'],
  ])('of type %s with %s is refused once', (type, rest, message) => {
    expect(problems(`  it: { label: It, type: ${type}, ${rest} }`)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it('keeps its type where it is put in', () => {
    const steps = '[{ id: a, if: inputs.limit > 2 && inputs.lead, award: { points: $limit } }]';
    expect(problems(ALL, steps)).toEqual([]);
    expect(problems(ALL, '[{ id: a, if: inputs.limit == "three", award: { points: 1 } }]')).toEqual([
      expect.stringContaining('double == string'),
    ]);
  });

  it('that is wrong is told once, where it was set, and not again where it is put in', () => {
    const steps = '[{ id: a, wait: { for: $after, at: $at }, award: { points: $limit } }]';
    expect(problems(ALL, steps, { after: 'soon', limit: 99 })).toEqual([
      expect.stringContaining('inputs.after: "soon" is no duration'),
      expect.stringContaining('inputs.limit: 99 is no number'),
    ]);
  });

  it('that is not declared is told once', () => {
    expect(problems(ALL, '[{ id: a, wait: { for: $aftr }, award: { points: $limt } }]')).toEqual([
      'steps[0].wait.for: there is no input aftr; did you mean after?',
      'steps[0].award.points: there is no input limt; did you mean limit?',
    ]);
  });
});

describe('the form of a workflow', () => {
  it('has a field for every input, with what HR has set and what there is to choose', () => {
    const form = formOf(definitionOf(ALL, { limit: 7 }), CATALOG);
    expect(form.map(({ name }) => name)).toEqual([
      'after',
      'at',
      'last',
      'zone',
      'limit',
      'word',
      'lead',
      'tone',
      'who',
      'mail',
      'badge',
      'counts',
    ]);
    expect(form[4]).toEqual({
      name: 'limit',
      label: 'Limit',
      type: 'number',
      default: 3,
      value: 7,
      help: 'Not too many',
      options: null,
      min: 1,
      max: 10,
    });
    expect(form.map(({ options }) => options).filter(Boolean)).toEqual([
      ['warm', 'brief'],
      ['reminder', 'welcome'],
      ['weekly-winner'],
      ['shares'],
    ]);
  });

  it('says of every field what is wrong with it', () => {
    const given = { after: '3d', limit: 0, tone: 'loud', mail: 'welcme', colour: 'red', constructor: 1 };
    expect(inputProblems(definitionOf(ALL), given, CATALOG)).toEqual([
      { field: 'limit', message: '0 is no number', mend: 'write a number from 1 to 10' },
      { field: 'tone', message: '"loud" is no choice', mend: 'use one of warm, brief' },
      { field: 'mail', message: '"welcme" is no template', mend: 'did you mean welcome?' },
      expect.objectContaining({ field: 'colour', message: 'there is no input colour' }),
      expect.objectContaining({ field: 'constructor', message: 'there is no input constructor' }),
    ]);
  });
});
