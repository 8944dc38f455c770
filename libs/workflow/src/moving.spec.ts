import { describe, expect, it } from '@jest/globals';
import { NO_FACTS } from '#libs/expression';
import { compiled, person, PROGRAMME_ZONE, rome } from './drive.support.js';
import { advance, branchRun, newRun } from './index.js';
import type { Definition, Input, Run, World } from './index.js';

const world: World = { person: person('ada'), programme: { zone: PROGRAMME_ZONE }, facts: NO_FACTS };
const START = rome('2026-01-05T10:00');
const DAY = 86_400_000;

const definitionOf = (steps: string): Definition =>
  compiled(`id: w\nname: W\non: { event: x.started, key: event.k }\nsteps:\n${steps}`);

function startedIn(definition: Definition): Run {
  const from = { id: 'r1', workflowId: 'w', version: 1, key: 'one', personId: 'ada', event: { k: 'one' } };
  return advance(definition, newRun(from), { type: 'started' }, START, world).run;
}

const give = (definition: Definition, run: Run, input: Input, now = START) =>
  advance(definition, run, input, now, world);
const moved = (stepId?: string): Input => ({
  type: 'moved',
  version: 2,
  reason: 'published',
  ...(stepId === undefined ? {} : { stepId }),
});
const templates = (effects: { type: string; template?: string }[]) =>
  effects.flatMap((e) => e.template ?? []);

const OLD = '  - { id: a, wait: 2d, send: { template: t } }\n  - { id: b, send: { template: u } }';

describe('a run moved to another version', () => {
  const run = startedIn(definitionOf(OLD));

  it('stays at its step, whose wait is reckoned again from the same beginning', () => {
    const next = definitionOf(OLD.replace('2d', '3d'));
    const { run: after, effects } = give(next, run, moved(), START + DAY);
    expect(after).toMatchObject({ version: 2, status: 'waiting', cursor: 'a', dueAt: START + 3 * DAY });
    expect(effects).toEqual([{ type: 'setTimer', stepId: 'a', dueAt: START + 3 * DAY }]);
  });

  it('does the step at once when it has nothing to wait for any more', () => {
    const next = definitionOf('  - { id: a, send: { template: t } }\n  - { id: b, send: { template: u } }');
    const { run: after, effects } = give(next, run, moved(), START + DAY);
    expect([after.status, templates(effects), effects[0]]).toEqual([
      'done',
      ['t', 'u'],
      { type: 'clearTimer', stepId: 'a' },
    ]);
  });

  it('goes to the beginning of the step named', () => {
    const next = definitionOf(
      '  - { id: z, send: { template: z } }\n  - { id: c, wait: 1d, send: { template: c } }',
    );
    const { run: after, effects } = give(next, run, moved('c'), START + DAY);
    expect(after).toMatchObject({
      version: 2,
      cursor: 'c',
      cursorSince: START + DAY,
      dueAt: START + 2 * DAY,
    });
    expect(effects.map((e) => e.type)).toEqual(['clearTimer', 'setTimer']);
  });

  it('changes nothing when there is no such step, or it belongs to the items of a loop', () => {
    const next = definitionOf(
      '  - { id: each, for_each: event.list, steps: [{ id: a, send: { template: t } }] }',
    );
    for (const input of [moved(), moved('a'), moved('nowhere')]) expect(give(next, run, input).run).toBe(run);
  });

  it('keeps a branch in its loop', () => {
    const loop = (wait: string) =>
      definitionOf(
        `  - { id: each, for_each: event.list, as: x, steps: [{ id: in, wait: ${wait}, send: { template: t } }] }\n  - { id: out, wait: 1d }`,
      );
    const branch = give(loop('1d'), branchRun(loop('1d'), run, 'each', 'k', 'k', null), {
      type: 'started',
    }).run;
    expect(give(loop('2d'), branch, moved()).run).toMatchObject({ version: 2, dueAt: START + 2 * DAY });
    expect(give(loop('2d'), branch, moved('out')).run).toBe(branch);
  });

  it('listens by the new settings, and does not ask a question twice', () => {
    const asking = (more: string) =>
      definitionOf(
        `  - { id: q, ask: { template: t, options: [ok], ${more} } }\n  - { id: l, wait_for: x.y }`,
      );
    const asked = startedIn(asking('timeout: 2d'));
    const { run: after, effects } = give(asking('timeout: 5d'), asked, moved(), START + DAY);
    expect(effects).toEqual([{ type: 'setTimer', stepId: 'q', dueAt: START + 5 * DAY }]);
    expect(after.awaits).toEqual(asked.awaits);
    const listening = startedIn(definitionOf('  - { id: l, wait_for: x.y }'));
    const keyed = definitionOf('  - { id: l, wait_for: { event: x.z, key: event.k } }');
    expect(give(keyed, listening, moved()).run.awaits).toEqual({ event: 'x.z', on: 'key:one' });
  });

  it('is only pinned anew while it is new, and not moved when it has ended', () => {
    const fresh = newRun({ id: 'r2', workflowId: 'w', version: 1, key: null, personId: 'ada', event: null });
    expect(give(definitionOf(OLD), fresh, moved()).run).toEqual({ ...fresh, version: 2 });
    const over = give(definitionOf(OLD), run, { type: 'cancelled', reason: 'by hand' }).run;
    expect(give(definitionOf(OLD), over, moved('a')).run).toBe(over);
  });
});

describe('a run that has failed', () => {
  const definition = definitionOf(
    '  - { id: a, if: event.k == "one", send: { template: t, data: { n: event.missing } } }\n  - { id: b, send: { template: u } }',
  );
  const run = startedIn(definition);

  it('keeps the word it failed at', () => {
    expect(run).toMatchObject({ status: 'failed', cursor: 'a', verb: 'send', attempts: 1 });
  });

  it('does that again when it is retried', () => {
    const mended: Run = { ...run, event: { k: 'two', missing: 7 } };
    const { run: after, effects } = give(definition, mended, { type: 'retried', reason: 'by hand' });
    expect([after.status, after.reason, templates(effects)]).toEqual(['done', null, ['t', 'u']]);
    expect(give(definition, run, { type: 'retried', reason: 'by hand' }).run).toMatchObject({
      status: 'failed',
      attempts: 2,
    });
  });

  it('goes on below when it is skipped, and on the way of a mended version when it is moved', () => {
    expect(templates(give(definition, run, { type: 'skipped', reason: 'never mind' }).effects)).toEqual([
      'u',
    ]);
    const mended = definitionOf('  - { id: a, send: { template: t } }');
    const pinned = give(mended, run, moved()).run;
    expect(pinned).toMatchObject({ status: 'failed', version: 2, cursor: 'a' });
    expect(templates(give(mended, pinned, { type: 'retried', reason: 'mended' }).effects)).toEqual(['t']);
    expect(templates(give(mended, run, moved('a')).effects)).toEqual(['t']);
  });

  it('hears nothing else', () => {
    const event = { type: 'x.started', data: { k: 'one' }, occurredAt: START };
    for (const input of [{ type: 'event', event }, { type: 'started' }, { type: 'recalculated' }] as Input[])
      expect(give(definition, run, input).run).toBe(run);
  });
});

describe('a run that waits', () => {
  it('passes over its step when it is skipped, so that later steps see null', () => {
    const definition = definitionOf(
      '  - { id: q, wait_for: { event: x.y, timeout: 2d } }\n  - { id: b, if: vars.q == null, send: { template: u } }',
    );
    const { run, effects } = give(definition, startedIn(definition), { type: 'skipped', reason: 'no need' });
    expect([run.status, effects.map((e) => e.type)]).toEqual(['done', ['clearTimer', 'send']]);
  });

  it('tries at once what it would try later, but cannot retry what has not failed', () => {
    const definition = definitionOf(
      '  - { id: h, retry: { times: 2, after: 1h }, call: { url: "https://x.example.com/" } }',
    );
    const calling = startedIn(definition);
    const retried: Input = { type: 'retried', reason: 'by hand' };
    expect(give(definition, calling, retried).run).toBe(calling);
    const result = { ok: false, status: 500 };
    const failed = give(definition, calling, { type: 'effectSettled', stepId: 'h', result }).run;
    expect(failed).toMatchObject({ status: 'waiting', dueAt: START + DAY / 24, attempts: 1 });
    expect(give(definition, failed, retried).effects).toMatchObject([
      { type: 'clearTimer' },
      { type: 'call', attempt: 2 },
    ]);
  });

  it('starts from the queue as if it were new', () => {
    const definition = definitionOf('  - { id: b, send: { template: u } }');
    const fresh = newRun({ id: 'r2', workflowId: 'w', version: 1, key: 'k', personId: 'ada', event: {} });
    const queued: Run = { ...fresh, status: 'queued' };
    expect(give(definition, queued, { type: 'started' }).run.status).toBe('done');
  });
});

describe('a run and a definition of former days', () => {
  it('go on without the fields that came later', () => {
    const definition = JSON.parse(JSON.stringify(definitionOf(OLD))) as Definition;
    const { awaits: _a, since: _s, attempts: _t, ...old } = startedIn(definition);
    const run: Run = old;
    const fired: Input = { type: 'timerFired', stepId: 'a', dueAt: START + 2 * DAY };
    const { run: after, effects } = give(definition, run, fired, START + 2 * DAY);
    expect([after.status, templates(effects)]).toEqual(['done', ['t', 'u']]);
  });
});
