import { describe, expect, it } from '@jest/globals';
import { compiled, Drive, person, rome } from '../drive.support.js';

const DAY = 86_400_000;
const FRIDAY = rome('2026-01-09T10:00');

function driveOf(
  head: string,
  steps: string,
  people = [person('ada', { lead: 'bob' }), person('bob')],
): Drive {
  return new Drive(compiled(`id: w\nname: W\n${head}\nsteps:\n${steps}`), people);
}

const onEvent = 'on: { event: x.started, key: event.k }';
const varsOf = (drive: Drive, id = 'r1') => drive.runs.get(id)?.vars;
const collected = (drive: Drive) => varsOf(drive)?.['all'] as unknown[] | undefined;
const statusOf = (drive: Drive, id = 'r1') => drive.runs.get(id)?.status;

describe('wait_for', () => {
  const steps = (more: string) =>
    `  - { id: reply, wait_for: { event: x.answered${more} } }\n  - { id: after, if: vars.reply != null, send: { template: t, data: { n: vars.reply.n } } }`;
  const started = (more: string, head = onEvent) => {
    const drive = driveOf(head, steps(more));
    drive.happen('x.started', FRIDAY, { k: 'one', n: 3, personId: 'ada' });
    return drive;
  };

  it('wakes by the event of its own person and keeps what arrived', () => {
    const drive = started('');
    expect(drive.runs.get('r1')).toMatchObject({
      status: 'waiting',
      verb: 'wait_for',
      dueAt: null,
      awaits: { event: 'x.answered', on: 'person:ada' },
    });
    drive.happen('x.answered', FRIDAY + 1000, { personId: 'bob', n: 1 });
    expect(drive.sends).toEqual([]);
    drive.happen('x.answered', FRIDAY + 2000, { personId: 'ada', n: 2 });
    expect(drive.sends.map((s) => s.data)).toEqual([{ n: 2 }]);
    expect(varsOf(drive)).toEqual({
      reply: { type: 'x.answered', personId: 'ada', n: 2, occurredAt: '2026-01-09T09:00:02.000Z' },
    });
  });

  it('wakes by the key of the run, whoever the event is about', () => {
    const drive = started(', key: event.about');
    drive.happen('x.answered', FRIDAY + 1000, { personId: 'ada', about: 'two' });
    expect(statusOf(drive)).toBe('waiting');
    drive.happen('x.answered', FRIDAY + 2000, { personId: 'bob', about: 'one', n: 7 });
    expect(drive.sends.map((s) => s.data)).toEqual([{ n: 7 }]);
  });

  it('hears everybody when told so, and weighs its condition with what started the run at hand', () => {
    const drive = started(', person: any, if: event.n > run.event.n');
    drive.happen('x.answered', FRIDAY + 1000, { personId: 'bob', n: 3 });
    expect(statusOf(drive)).toBe('waiting');
    drive.happen('x.answered', FRIDAY + 2000, { personId: 'bob', n: 4 });
    expect(statusOf(drive)).toBe('done');
  });

  it('does not wake by what is older than the run', () => {
    const drive = started('');
    const run = drive.runs.get('r1');
    const event = { type: 'x.answered', data: { personId: 'ada' }, occurredAt: FRIDAY - 1 };
    drive.give('r1', { type: 'event', event });
    expect(drive.runs.get('r1')).toBe(run);
  });

  it('counts its timeout on working days and then goes on with null', () => {
    const drive = started(', timeout: 1d', `${onEvent}\ncalendar: { days: working, at: "09:00" }`);
    drive.until(rome('2026-01-12T08:59'));
    expect(statusOf(drive)).toBe('waiting');
    drive.until(rome('2026-01-12T09:00'));
    expect([statusOf(drive), varsOf(drive), drive.sends]).toEqual(['done', { reply: null }, []]);
  });

  it('takes the local day in the spring night that has an hour less', () => {
    const drive = driveOf(onEvent, steps(', timeout: 1d'));
    drive.happen('x.started', rome('2026-03-28T12:00'), { k: 'one', personId: 'ada' });
    expect((drive.runs.get('r1')?.dueAt ?? 0) - rome('2026-03-28T12:00')).toBe(23 * 3_600_000);
  });

  it('stops, or goes to a step further down, when the timeout says so', () => {
    const stopped = started(', timeout: 1h, on_timeout: stop');
    stopped.until(FRIDAY + DAY);
    expect(stopped.runs.get('r1')).toMatchObject({
      status: 'stopped',
      reason: 'x.answered has not come within 1h',
    });
    const jumping = driveOf(
      onEvent,
      `  - { id: reply, wait_for: { event: x.answered, timeout: 1h, on_timeout: late } }
  - { id: thanks, send: { template: thanks } }
  - { id: late, send: { template: late } }`,
    );
    jumping.happen('x.started', FRIDAY, { k: 'one', personId: 'ada' });
    jumping.until(FRIDAY + DAY);
    expect(jumping.sends.map((s) => s.template)).toEqual(['late']);
  });

  it('does not count what came after the timeout, even when the timer is late', () => {
    const drive = started(', timeout: 1h');
    const event = { type: 'x.answered', data: { personId: 'ada', n: 1 }, occurredAt: FRIDAY + 2 * 3_600_000 };
    drive.now = event.occurredAt;
    drive.give('r1', { type: 'event', event });
    expect(statusOf(drive)).toBe('waiting');
    drive.until(drive.now);
    expect(varsOf(drive)).toEqual({ reply: null });
  });
});

describe('collect', () => {
  const digest = (more = '') =>
    `  - { id: all, collect: { window: 1d${more} } }\n  - { id: mail, send: { template: digest, data: { n: size(vars.all), first: "vars.all[0].n" } } }`;
  const shared = (drive: Drive, at: number, n: number, k = 'one') =>
    drive.happen('x.started', at, { k, n, personId: 'ada' });

  it('gathers the events of its own key from the one that started it, into one mail', () => {
    const drive = driveOf(`${onEvent}\ncalendar: { at: "09:00", days: working }`, digest());
    shared(drive, FRIDAY, 1);
    shared(drive, FRIDAY + 1000, 2);
    shared(drive, FRIDAY + 2000, 3, 'two');
    shared(drive, FRIDAY + DAY, 4);
    drive.until(rome('2026-01-12T09:00'));
    expect(drive.sends.map((s) => [s.data, s.at])).toEqual([
      [{ n: 3, first: 1 }, rome('2026-01-12T09:00')],
      [{ n: 1, first: 3 }, rome('2026-01-12T09:00')],
    ]);
    expect(collected(drive)?.[0]).toEqual({
      k: 'one',
      n: 1,
      personId: 'ada',
      type: 'x.started',
      occurredAt: '2026-01-09T09:00:00.000Z',
    });
  });

  it('ends early when as many as wanted have come, and its timer is forgotten', () => {
    const drive = driveOf(onEvent, digest(', max: 2'));
    shared(drive, FRIDAY, 1);
    shared(drive, FRIDAY + 1000, 2);
    expect([statusOf(drive), drive.sends.length, drive.runs.get('r1')?.dueAt]).toEqual(['done', 1, null]);
  });

  it('keeps no more than a thousand, and leaves out what its condition does not want', () => {
    const drive = driveOf(onEvent, digest(', if: event.n % 2 == 0'));
    for (let n = 0; n < 2100; n++) shared(drive, FRIDAY + n, n);
    expect(collected(drive)?.length).toBe(1000);
    expect(drive.sends[0]?.data).toEqual({ n: 1000, first: 0 });
  });

  it('gathers another event of the person', () => {
    const drive = driveOf(onEvent, digest(', event: x.clicked').replace('"vars.all[0].n"', 'size(vars.all)'));
    shared(drive, FRIDAY, 1);
    drive.happen('x.clicked', FRIDAY + 1, { personId: 'ada' });
    drive.happen('x.clicked', FRIDAY + 2, { personId: 'bob' });
    drive.until(FRIDAY + 2 * DAY);
    expect(drive.sends[0]?.data).toEqual({ n: 1, first: 1 });
  });
});

describe('ask', () => {
  const steps = `  - { id: ok, ask: { template: approval, to: person.lead, options: [approve, reject], data: { k: event.k }, timeout: 2d, on_timeout: stop } }
  - { id: mail, if: vars.ok.answer == "approve", send: { template: go } }`;
  const asked = (text = steps) => {
    const drive = driveOf(onEvent, text);
    drive.happen('x.started', FRIDAY, { k: 'one', personId: 'ada' });
    return drive;
  };

  it('asks once, with a link for each answer, and waits for that answer alone', () => {
    const drive = asked();
    const [effect] = drive.made;
    expect(effect).toMatchObject({
      type: 'ask',
      to: 'bob',
      intentKey: 'r1:ok:-:bob:1',
      askId: 'r1:ok:-:bob:1',
      answers: ['approve', 'reject'],
      data: { k: 'one' },
      expiresAt: FRIDAY + 2 * DAY,
      question: null,
      survey: null,
    });
    expect(drive.runs.get('r1')?.awaits).toEqual({ event: 'answer.given', on: 'ask:r1:ok:-:bob:1' });
    for (const data of [
      { askId: 'other', personId: 'bob', answer: 'approve' },
      { askId: 'r1:ok:-:bob:1', personId: 'bob', answer: 'maybe' },
    ])
      drive.happen('answer.given', FRIDAY + 1000, data);
    expect(statusOf(drive)).toBe('waiting');
    drive.happen('answer.given', FRIDAY + 2000, {
      askId: 'r1:ok:-:bob:1',
      personId: 'bob',
      answer: 'approve',
    });
    expect(varsOf(drive)).toEqual({
      ok: { answer: 'approve', personId: 'bob', at: '2026-01-09T09:00:02.000Z' },
    });
    expect(drive.sends.map((s) => s.template)).toEqual(['go']);
  });

  it('stops when nobody answers in time', () => {
    const drive = asked();
    drive.until(FRIDAY + 2 * DAY);
    expect(drive.runs.get('r1')).toMatchObject({ status: 'stopped', reason: 'no answer within 2d' });
  });

  it('reads a score as a number', () => {
    const drive = asked(
      `  - { id: nps, ask: { template: pulse, score: { from: 0, to: 10 } } }\n  - { id: mail, if: vars.nps.answer >= 9, send: { template: thanks } }`,
    );
    drive.happen('answer.given', FRIDAY + 1, { askId: 'r1:nps:-:ada:1', personId: 'ada', answer: '10' });
    expect([drive.sends.length, varsOf(drive)?.['nps']]).toMatchObject([1, { answer: 10 }]);
  });
});
