import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_FACTS } from '#libs/expression';
import { compiled, person, PROGRAMME_ZONE, rome } from './drive.support.js';
import { advance, isEnded, newRun } from './index.js';
import type { Advanced, Definition, Input, Run, World } from './index.js';

const HEAD =
  'id: w\nname: W\non: { event: x.started, key: event.k }\nstop_when: { event: x.ended, key: event.k }\n';

const world: World = { person: person('ada'), programme: { zone: PROGRAMME_ZONE }, facts: NO_FACTS };

const START = rome('2026-01-05T10:00');

function definitionOf(steps: string): Definition {
  return compiled(`${HEAD}steps:\n${steps}`);
}

function fresh(event: Record<string, unknown> = { k: 'one', n: 3, list: ['a', 'b'] }): Run {
  return newRun({ id: 'r1', workflowId: 'w', version: 1, key: 'one', personId: 'ada', event });
}

/** Random workflows of every kind of step, and random inputs, fitting or not. */
const condition = fc.constantFrom('', 'if: event.n > 2, ', 'if: event.n > 9, ', 'if: event.none > 1, ');

const waiting = fc.constantFrom(
  '',
  'wait: 2d, ',
  'wait: { for: 1d, at: "09:00", days: working, since: start }, ',
  'wait: 3h, ',
);

const action = fc.constantFrom(
  'send: { template: t }',
  'award: { points: 5 }',
  'award: { badge: b, to: person.lead }',
  'for_each: event.list, as: x, steps: [{ id: in$, send: { template: t } }]',
);

const steps = fc
  .array(fc.tuple(waiting, condition, action), { minLength: 1, maxLength: 6 })
  .map((list) =>
    list.map(([w, c, a], i) => `  - { id: s${i}, ${w}${c}${a.replace('$', String(i))} }`).join('\n'),
  );

const move = fc.constantFrom(
  'started',
  'fire',
  'fire',
  'fire',
  'early',
  'foreign',
  'stale',
  'settle',
  'settle',
  'stop',
  'other',
  'cancel',
  'recalculated',
);

const moves = fc.array(fc.tuple(move, fc.integer({ min: 0, max: 3 * 86_400_000 })), { maxLength: 25 });

function inputFor(kind: string, run: Run): { input: Input; at: number } {
  const [stepId, dueAt] = [run.cursor ?? 's0', run.dueAt ?? START];
  const ended = (k: string): Input => ({
    type: 'event',
    event: { type: 'x.ended', data: { k }, occurredAt: START },
  });
  const inputs: Record<string, Input> = {
    started: { type: 'started' },
    fire: { type: 'timerFired', stepId, dueAt },
    early: { type: 'timerFired', stepId, dueAt },
    foreign: { type: 'timerFired', stepId: 's9', dueAt: dueAt + 1 },
    stale: { type: 'timerFired', stepId, dueAt: dueAt - 1000 },
    settle: { type: 'effectSettled', stepId },
    stop: ended('one'),
    other: ended('two'),
    cancel: { type: 'cancelled', reason: 'by hand' },
    recalculated: { type: 'recalculated' },
  };
  return { input: inputs[kind] ?? { type: 'started' }, at: kind === 'early' ? dueAt - 1 : dueAt };
}

type Seen = { before: Run; input: Input; now: number; after: Advanced };

function play(
  definition: Definition,
  list: [string, number][],
  between: (run: Run) => Run = (run) => run,
): Seen[] {
  let run = fresh();
  let now = START;
  return list.map(([kind, later]) => {
    const { input, at } = inputFor(kind, run);
    now = kind === 'early' ? at : Math.max(now, at) + (kind === 'fire' ? later : 0);
    const seen = { before: run, input, now, after: advance(definition, run, input, now, world) };
    run = between(seen.after.run);
    return seen;
  });
}

function always(check: (seen: Seen, definition: Definition) => void): void {
  fc.assert(
    fc.property(steps, moves, (text, list) => {
      const definition = definitionOf(text);
      for (const seen of play(definition, [['started', 0], ...list])) check(seen, definition);
    }),
    { numRuns: 400 },
  );
}

const owes = (advanced: Advanced) =>
  advanced.effects.filter((e) => e.type !== 'setTimer' && e.type !== 'clearTimer');

describe('whatever happens to whichever workflow', () => {
  it('the same inputs give the same states, effects and log, and the run given is not touched', () => {
    fc.assert(
      fc.property(steps, moves, (text, list) => {
        const once = play(definitionOf(text), [['started', 0], ...list], (run) => Object.freeze(run));
        expect(play(definitionOf(text), [['started', 0], ...list])).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('an input given twice changes nothing the second time', () => {
    always(({ input, now, after }, definition) => {
      const again = advance(definition, after.run, input, now, world);
      expect(again).toEqual({ run: after.run, effects: [], log: [] });
      expect(again.run).toBe(after.run);
    });
  });

  it('no timer fires a step early, and nothing but its timer moves a waiting run on', () => {
    always(({ before, input, now, after }) => {
      if (before.status !== 'waiting') return;
      const fits = input.type === 'timerFired' && input.dueAt === before.dueAt && now >= input.dueAt;
      if (!fits && owes(after).length > 0)
        expect({ input, now }).toEqual({ input: { type: 'recalculated' }, now: expect.any(Number) });
      for (const effect of owes(after))
        expect([effect.type, now >= (before.dueAt ?? Infinity)]).toEqual([effect.type, true]);
    });
  });

  it('an ended run stays as it is and emits nothing ever after', () => {
    always(({ before, after }) => {
      if (isEnded(before)) expect(after).toEqual({ run: before, effects: [], log: [] });
      if (after.run.status === 'stopped' || after.run.status === 'cancelled')
        expect([owes(after), after.run.dueAt]).toEqual([[], null]);
    });
  });

  it('a run that travels as JSON between inputs comes out the same', () => {
    fc.assert(
      fc.property(steps, moves, (text, list) => {
        const definition = definitionOf(text);
        const travelled = JSON.parse(JSON.stringify(definition)) as Definition;
        const byJson = play(
          travelled,
          [['started', 0], ...list],
          (run) => JSON.parse(JSON.stringify(run)) as Run,
        );
        expect(byJson).toEqual(play(definition, [['started', 0], ...list]));
      }),
      { numRuns: 300 },
    );
  });

  it('no intent is made twice, and a waiting run always has its timer', () => {
    fc.assert(
      fc.property(steps, moves, (text, list) => {
        const seen = play(definitionOf(text), [['started', 0], ...list]);
        const keys = seen.flatMap((s) =>
          s.after.effects.flatMap((e) => ('intentKey' in e ? [e.type + e.intentKey] : [])),
        );
        expect(new Set(keys).size).toBe(keys.length);
        for (const { before, after } of seen) {
          const { run } = after;
          if (run.status === 'waiting' && run !== before)
            expect(after.effects).toContainEqual({ type: 'setTimer', stepId: run.cursor, dueAt: run.dueAt });
        }
      }),
      { numRuns: 300 },
    );
  });
});
