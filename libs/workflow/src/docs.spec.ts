import { describe, expect, it } from '@jest/globals';
import { compiled } from './drive.support.js';
import { STEP_KINDS, TRIGGER_KINDS } from './index.js';
import type { Docs } from './index.js';

const examplesOf = ({ example, examples = [] }: Docs) => [example, ...examples];
const stepExamples = STEP_KINDS.flatMap(({ kind, docs }) =>
  examplesOf(docs).map((text) => [kind, text] as const),
);
const triggerExamples = TRIGGER_KINDS.flatMap(({ kind, docs }) =>
  examplesOf(docs).map((text) => [kind, text] as const),
);

describe('the words of the language', () => {
  it.each(stepExamples)('%s has an example that is a whole step: %s', (kind, text) => {
    const step = text.replaceAll('\n', '\n    ');
    const head = 'id: w\nname: W\non: { event: share.created, key: event.shareId }';
    const { steps } = compiled(`${head}\nsteps:\n  - id: example\n    ${step}`);
    expect(steps['example']?.verbs.map((v) => v.kind)).toContain(kind);
  });

  it.each(triggerExamples)('%s has an example that starts a workflow: %s', (kind, text) => {
    const { on } = compiled(`id: w\nname: W\n${text}\nsteps:\n  - { id: a, stop: true }`);
    expect(on.map((t) => t.kind)).toEqual([kind]);
  });

  it.each([...STEP_KINDS, ...TRIGGER_KINDS])('$kind is explained in whole sentences', ({ docs }) => {
    for (const text of [docs.summary, docs.details ?? '']) expect(text).toMatch(/^[A-Za-z].*[.]$/);
  });
});
