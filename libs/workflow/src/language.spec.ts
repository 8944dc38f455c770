import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { awaitsKeys, isEnded, STEP_KINDS } from './index.js';
import type { Definition, Run } from './index.js';
import { workflows, happenings, play, frozen, always, intents } from './language.support.js';

describe('whatever happens to a workflow of every word', () => {
  it('the random workflows come to every word in the end', () => {
    const done = new Set<string>();
    always(
      (seen) => seen.forEach(({ after }) => after.log.forEach((l) => done.add(`${l.kind} ${l.outcome}`))),
      600,
    );
    for (const { kind, role } of STEP_KINDS)
      if (role === 'action') expect([...done].some((each) => each.startsWith(`${kind} `))).toBe(true);
    for (const each of [
      'wait_for heard',
      'wait_for timed_out',
      'ask heard',
      'ask timed_out',
      'call retrying',
      'call passed',
      'collect passed',
      'run moved',
      'run done',
      'for_each expanding',
      'throttle passed',
    ])
      expect([...done]).toContain(each);
  });

  it('no intent is made twice, a try of a call counted on its own', () => {
    always((seen) => {
      const keys = seen.flatMap(({ after }) => intents(after.effects));
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('the same inputs give the same, nothing given is touched, and a run may travel as JSON', () => {
    fc.assert(
      fc.property(workflows, happenings, (definition, list) => {
        frozen(definition);
        const once = play(definition, list, (run) => (frozen(run), run));
        expect(play(definition, list)).toEqual(once);
        const copy = JSON.parse(JSON.stringify(definition)) as Definition;
        expect(play(copy, list, (run) => JSON.parse(JSON.stringify(run)) as Run)).toEqual(once);
      }),
      { numRuns: 150 },
    );
  });

  it('an input that does not fit gives back the very same run', () => {
    always((seen) => {
      for (const { before, after } of seen)
        if (
          after.effects.length === 0 &&
          after.log.length === 0 &&
          JSON.stringify(after.run) === JSON.stringify(before)
        )
          expect(after.run).toBe(before);
    });
  });

  it('a run that waits can always be woken, and its timer is the last that was set', () => {
    always((seen) => {
      let timer: number | null = null;
      for (const { input, after } of seen) {
        const { run, effects } = after;
        if (input.type === 'timerFired' && effects.length + after.log.length > 0) timer = null;
        for (const effect of effects) {
          if (effect.type === 'setTimer') timer = effect.dueAt;
          if (effect.type === 'clearTimer') timer = null;
        }
        expect(timer).toBe(run.dueAt);
        if (run.status !== 'waiting') expect([run.dueAt, run.awaits]).toEqual([null, null]);
        else expect([run.dueAt !== null, run.awaits !== null, run.verb]).not.toEqual([false, false, 'wait']);
        if (run.status === 'waiting' && run.dueAt === null && run.awaits === null)
          expect(['call', 'throttle']).toContain(run.verb);
      }
    });
  });

  it('the runs an event wakes are those a driver finds by what they await', () => {
    always((seen, definition) => {
      for (const { before, input, after } of seen) {
        if (input.type !== 'event' || after.run === before || after.run.status === 'stopped') continue;
        expect(awaitsKeys(definition, input.event)).toContainEqual(before.awaits);
      }
    });
  });

  it('what has ended has ended, but for what failed and is mended by hand', () => {
    always((seen) => {
      for (const { before, input, after } of seen) {
        if (!isEnded(before)) continue;
        const mended = before.status === 'failed' && ['skipped', 'retried', 'moved'].includes(input.type);
        if (!mended) expect(after).toEqual({ run: before, effects: [], log: [] });
      }
    });
  });

  it('answered and woken every time, every run comes to its end', () => {
    fc.assert(
      fc.property(workflows, fc.boolean(), (definition, well) => {
        const all = ['timer', well ? 'ok' : 'bad', 'place', 'heard', 'keyed', 'answer'].map(
          (kind) => [kind, 0] as const,
        );
        const rounds = Array.from({ length: Object.keys(definition.steps).length * 6 }, () => all);
        const last = play(definition, rounds.flat()).at(-1);
        expect(isEnded(last!.after.run)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
