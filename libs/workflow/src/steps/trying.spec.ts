import { describe, expect, it } from '@jest/globals';
import { compiled, Drive, person, rome } from '../drive.support.js';

const START = rome('2026-01-09T10:00');
const MINUTE = 60_000;

function driveOf(steps: string, people = [person('ada')]): Drive {
  const text = `id: w\nname: W\non: { event: x.started, key: event.k }\nsteps:\n${steps}`;
  return new Drive(compiled(text), people);
}

function begin(drive: Drive, k = 'one'): Drive {
  drive.happen('x.started', Math.max(drive.now, START), { k, personId: 'ada' });
  return drive;
}

const calls = (drive: Drive) =>
  drive.made.flatMap((e) => (e.type === 'call' ? [[(e.at - START) / MINUTE, e.attempt, e.intentKey]] : []));
const run = (drive: Drive) => drive.runs.get('r1');
const HOOK = 'call: { url: "https://hooks.example.com/x", data: { who: person.id } }';

describe('call', () => {
  it('waits for the answer and keeps it', () => {
    const drive = driveOf(
      `  - { id: hook, ${HOOK} }\n  - { id: mail, send: { template: t, data: { ref: vars.hook.body.ref } } }`,
    );
    drive.answerTo = () => ({ ok: true, status: 201, body: { ref: 'r-7' } });
    begin(drive);
    expect(drive.made[0]).toMatchObject({
      type: 'call',
      url: 'https://hooks.example.com/x',
      body: { who: 'ada' },
      attempt: 1,
    });
    expect(drive.sends.map((s) => s.data)).toEqual([{ ref: 'r-7' }]);
    expect(run(drive)?.vars).toEqual({ hook: { ok: true, status: 201, body: { ref: 'r-7' }, error: null } });
  });

  it('fails readably, and goes on when an error does not matter', () => {
    const failing = driveOf(`  - { id: hook, ${HOOK} }`);
    failing.answerTo = () => ({ ok: false, status: 500 });
    expect(run(begin(failing))).toMatchObject({
      status: 'failed',
      cursor: 'hook',
      verb: 'call',
      reason: 'hook: the call failed: it was answered with 500',
    });
    const careless = driveOf(
      `  - { id: hook, ${HOOK.replace(' }', ' }').slice(0, -2)}, on_error: continue } }\n  - { id: mail, if: "!vars.hook.ok", send: { template: t, data: { why: vars.hook.error } } }`,
    );
    careless.answerTo = () => ({ ok: false, error: 'refused' });
    begin(careless);
    expect([run(careless)?.status, careless.sends[0]?.data]).toEqual(['done', { why: 'refused' }]);
  });

  it('is not settled by what is no answer, nor twice', () => {
    const drive = driveOf(`  - { id: hook, ${HOOK} }\n  - { id: w, wait: 1d }`);
    drive.answerTo = () => undefined;
    begin(drive);
    expect(run(drive)).toMatchObject({ status: 'waiting', verb: 'call', dueAt: null });
    drive.give('r1', { type: 'effectSettled', stepId: 'hook', result: { ok: true } });
    const after = run(drive);
    drive.give('r1', { type: 'effectSettled', stepId: 'hook', result: { ok: true } });
    expect([after?.cursor, run(drive) === after]).toEqual(['w', true]);
  });
});

describe('retry', () => {
  const retrying = (more = '') =>
    driveOf(`  - { id: hook, retry: { times: 3, after: 10m, factor: 2 }, ${HOOK} }${more}`);

  it('tries again after longer and longer pauses, with the same key and the next attempt, and then fails', () => {
    const drive = retrying();
    drive.answerTo = () => ({ ok: false, error: 'refused' });
    begin(drive).until(START + 600 * MINUTE);
    const key = 'r1:hook:-:-:1';
    expect(calls(drive)).toEqual([
      [0, 1, key],
      [10, 2, key],
      [30, 3, key],
      [70, 4, key],
    ]);
    expect(run(drive)).toMatchObject({ status: 'failed', attempts: 4, dueAt: null });
    expect(drive.log.filter((l) => l.outcome === 'retrying')[0]?.reason).toBe(
      'the call failed: refused; tried again at 2026-01-09 10:10 (Europe/Rome), 1 of 3',
    );
  });

  it('goes on as soon as it succeeds', () => {
    const drive = retrying('\n  - { id: mail, send: { template: t } }');
    drive.answerTo = ({ attempt }) => ({ ok: attempt === 2 });
    begin(drive).until(START + 600 * MINUTE);
    expect([calls(drive).length, drive.sends.length, run(drive)?.attempts]).toEqual([2, 1, 0]);
  });

  it('waits for somebody to send to, and goes on as without retry when nobody comes', () => {
    const steps =
      '  - { id: mail, retry: { times: 2, after: 1d }, send: { template: t, to: person.lead } }\n  - { id: after, send: { template: after } }';
    const people = [person('ada')];
    const drive = begin(driveOf(steps, people));
    drive.until(START + 1_000 * MINUTE);
    people[0] = person('ada', { lead: 'bob' });
    drive.until(START + 2_000 * MINUTE);
    expect(drive.sends.map((s) => [s.template, s.to])).toEqual([
      ['t', 'bob'],
      ['after', 'ada'],
    ]);
    const never = begin(driveOf(steps));
    never.until(START + 10_000 * MINUTE);
    expect([never.sends.map((s) => s.template), run(never)?.status]).toEqual([['after'], 'done']);
  });

  it('asks a condition again that could not be answered', () => {
    const drive = begin(
      driveOf('  - { id: a, if: event.none > 1, retry: { times: 1, after: 1h }, send: { template: t } }'),
    );
    expect(run(drive)).toMatchObject({ status: 'waiting', verb: 'if', attempts: 1 });
    drive.until(START + 60 * MINUTE);
    expect(run(drive)).toMatchObject({ status: 'failed', verb: 'if', attempts: 2 });
  });
});

describe('throttle', () => {
  it('lets so many on at once and the others later, in order', () => {
    const drive = driveOf(
      '  - { id: mail, throttle: { limit: 2, per: hour }, send: { template: t, data: { k: event.k } } }',
    );
    for (const k of ['a', 'b', 'c', 'd', 'e']) begin(drive, k);
    expect(drive.made[0]).toMatchObject({
      type: 'throttle',
      stepId: 'mail',
      key: '',
      limit: 2,
      perMs: 3_600_000,
    });
    drive.until(START + 300 * MINUTE);
    expect(drive.sends.map((s) => [s.data['k'], (s.at - START) / MINUTE])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 60],
      ['d', 60],
      ['e', 120],
    ]);
  });

  it('counts every key apart, and only those whose condition holds', () => {
    const drive = driveOf(
      '  - { id: mail, if: event.k != "x", throttle: { limit: 1, per: 30m, key: event.k == "a" }, send: { template: t } }',
    );
    for (const k of ['a', 'x', 'b']) begin(drive, k);
    expect([
      drive.sends.length,
      drive.made.flatMap((e) => (e.type === 'throttle' ? [[e.key, e.perMs]] : [])),
    ]).toEqual([
      2,
      [
        ['true', 30 * MINUTE],
        ['false', 30 * MINUTE],
      ],
    ]);
  });

  it('keeps the place it was given', () => {
    const drive = driveOf('  - { id: mail, throttle: { limit: 1, per: hour }, send: { template: t } }');
    begin(drive, 'a');
    begin(drive, 'b');
    const waiting = drive.runs.get('r2');
    drive.give('r2', { type: 'effectSettled', stepId: 'mail', result: { dueAt: START + 999 * MINUTE } });
    expect(drive.runs.get('r2')).toBe(waiting);
    expect(waiting).toMatchObject({ status: 'waiting', verb: 'throttle', dueAt: START + 60 * MINUTE });
  });
});

describe('spread', () => {
  it('lets everybody wait a little longer, always the same, within its bounds', () => {
    const text =
      'id: w\nname: W\non: { event: x.started, key: event.k }\ncalendar: { spread: 30m }\nsteps:\n  - { id: mail, wait: { for: 1d, at: "09:00" }, send: { template: t } }';
    const moments = () => {
      const drive = new Drive(compiled(text), [person('ada')]);
      for (let i = 0; i < 200; i++) begin(drive, `k${i}`);
      drive.until(START + 3_000 * MINUTE);
      return drive.sends.map((s) => s.at - rome('2026-01-10T09:00'));
    };
    const spread = moments();
    expect(moments()).toEqual(spread);
    expect([spread.length, new Set(spread).size > 190]).toEqual([200, true]);
    expect([Math.min(...spread) >= 0, Math.max(...spread) < 30 * MINUTE]).toEqual([true, true]);
    const halves = spread.filter((ms) => ms < 15 * MINUTE).length;
    expect(halves > 70 && halves < 130).toBe(true);
  });
});
