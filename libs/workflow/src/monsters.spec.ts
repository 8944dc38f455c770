import { describe, expect, it } from '@jest/globals';
import { compileWorkflow } from './index.js';

const HEAD = 'id: w\nname: W\non: { event: a.b, key: event.id }\n';

function refusal(text: string): { messages: string[]; ms: number } {
  const start = performance.now();
  const result = compileWorkflow(text, { file: 'w.yaml', catalog: {} });
  const ms = performance.now() - start;
  return { messages: result.ok ? [] : result.problems.map(({ message }) => message), ms };
}

const award = (id: string) => `{ id: ${id}, award: { points: 1 } }`;
const manySteps = (count: number) =>
  `${HEAD}steps:\n${Array.from({ length: count }, (_, n) => `  - ${award(`s${n}`)}`).join('\n')}\n`;

function nested(depth: number): string {
  let steps = `[${award('inner')}]`;
  for (let n = depth; n > 0; n--) steps = `[{ id: s${n}, if: event.x == 1, steps: ${steps} }]`;
  return `${HEAD}steps: ${steps}\n`;
}

const ALIASES = `${HEAD}description: &a0 lol
inputs:
  ${Array.from({ length: 20 }, (_, n) => `x${n}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`).join('\n  ')}
steps: [${award('a')}]
`;
const step = (words: string) => `${HEAD}steps:\n  - { id: a, ${words} }\n`;

describe('a monstrous workflow file', () => {
  it.each<[string, string, string]>([
    ['ten thousand steps', manySteps(10_000), 'the file holds more than 20000 words'],
    ['a thousand and one steps', manySteps(1_001), 'there are more than 1000 steps'],
    ['steps a hundred deep', nested(100), 'steps stand more than 10 deep'],
    ['steps eleven deep', nested(10), 'steps stand more than 10 deep'],
    [
      'ways of choices a hundred deep',
      `${HEAD}steps: ${'[{ id: a, choose: [{ if: "true", steps: '.repeat(100)}[]${'}]}]'.repeat(100)}\n`,
      'steps stand more than 10 deep',
    ],
    [
      'a megabyte',
      `${HEAD}description: "${'x'.repeat(1_000_000)}"\nsteps: [${award('a')}]\n`,
      'the file has 10',
    ],
    ['brackets in brackets', `${HEAD}steps: ${'['.repeat(100_000)}`, ''],
    ['blocks in blocks', `${HEAD}steps: ${'{a: '.repeat(50_000)}`, ''],
    ['aliases of aliases', ALIASES, 'Excessive alias count'],
    ['an alias of itself', `${HEAD}steps: &a [*a]\n`, ''],
    ['the same word twice', `${HEAD}name: V\nsteps: [${award('a')}]\n`, 'the same word stands here twice'],
    ['an endless number', step('award: { points: 1e999 }'), 'points is not right'],
    [
      'a huge expression',
      step(`if: "${'event.a || '.repeat(600)}true", award: { points: 1 }`),
      'the expression has',
    ],
    [
      'an expression of brackets',
      step(`if: "${'('.repeat(3_000)}", award: { points: 1 }`),
      'the expression is too large',
    ],
    [
      'loops in loops in loops',
      step('if: "event.a.all(x, event.a.all(y, event.a.all(z, true)))", award: { points: 1 }'),
      'loops stand three deep',
    ],
    [
      'a hostile pattern',
      step(`if: 'event.a.matches("(a+)+$")', award: { points: 1 }`),
      'matches() is not available',
    ],
    [
      'a day that never comes',
      `id: w\nname: W\non: { schedule: "0 0 30 2 *", zone: UTC }\naudience: person.active\nsteps: [${award('a')}]\n`,
      'names a date that never comes',
    ],
    [
      'a zone that is none',
      `id: w\nname: W\non: { schedule: "0 9 * * *", zone: Mars/Olympus }\naudience: person.active\nsteps: [${award('a')}]\n`,
      'there is no time zone Mars/Olympus',
    ],
    [
      'a way back',
      `${HEAD}steps:\n  - ${award('a')}\n  - { id: b, wait_for: { event: a.c, timeout: 1d, on_timeout: a } }\n`,
      'does not lead on to a',
    ],
    [
      'a way nowhere',
      `${HEAD}steps:\n  - { id: b, wait_for: { event: a.c, timeout: 1d, on_timeout: constructor } }\n`,
      'there is no step constructor',
    ],
    [
      'a step that is a machine word',
      `${HEAD}steps: [{ id: __proto__, award: { points: 1 } }]\n`,
      'is no step id',
    ],
    [
      'an input that is a machine word',
      `${HEAD}inputs: { __proto__: { label: X, type: text, default: a } }\nsteps: [${award('a')}]\n`,
      '__proto__ cannot name an input',
    ],
    [
      'a machine word at the top',
      `${HEAD}__proto__: { id: v }\nsteps: [${award('a')}]\n`,
      'unknown word __proto__',
    ],
  ])('of %s is refused at once, with one complaint', (_what, text, message) => {
    const { messages, ms } = refusal(text);
    expect(messages).toEqual([expect.stringContaining(message)]);
    expect(ms).toBeLessThan(5_000);
  });

  it('with machine words among its data changes nothing but its data', () => {
    const text = step('send: { template: t, data: { __proto__: { polluted: "true" }, constructor: "1" } }');
    expect(compileWorkflow(text, { file: 'w.yaml', catalog: {} }).ok).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('may have a thousand steps and ten levels, which is more than anybody reads', () => {
    expect(refusal(manySteps(1_000)).messages).toEqual([]);
    expect(refusal(nested(9)).messages).toEqual([]);
  });
});
