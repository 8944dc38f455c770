import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planMails } from './plan.js';
import type { Allowance, DueMail, Step } from './plan.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const cap = { mails: 2, windowMs: 7 * DAY };
const NOW = 100 * DAY;

const mail = (id: string, more: Partial<DueMail> = {}): DueMail => ({
  id,
  priority: 'normal',
  requestedAt: NOW,
  wished: false,
  held: false,
  counted: false,
  bundle: null,
  ...more,
});
const allowing = (more: Partial<Allowance> = {}): Allowance => ({
  now: NOW,
  cap,
  counted: [],
  digestAt: NOW + 3 * DAY,
  ...more,
});
const full = [NOW - 6 * DAY, NOW - DAY];

describe('the mails of one person', () => {
  it('go at once while there is room, the oldest first', () => {
    const due = [mail('b', { requestedAt: NOW - 1 }), mail('c'), mail('a', { requestedAt: NOW - 2 })];
    expect(planMails(due, allowing())).toEqual([
      { go: 'now', ids: ['a'], counts: true },
      { go: 'now', ids: ['b'], counts: true },
      { go: 'later', id: 'c', until: NOW + 7 * DAY, held: true, why: 'cap' },
    ]);
  });

  it('that are urgent never wait and take no place', () => {
    const due = [mail('a', { priority: 'urgent' }), mail('b', { priority: 'urgent' }), mail('c')];
    expect(planMails(due, allowing({ counted: full }))).toEqual([
      { go: 'now', ids: ['a'], counts: false },
      { go: 'now', ids: ['b'], counts: false },
      { go: 'later', id: 'c', until: NOW + 3 * DAY, held: true, why: 'cap' },
    ]);
  });

  it('that go again as one are led by the same one, in whatever order they come', () => {
    const due = ['c', 'a', 'b'].map((id) => mail(id, { bundle: 'a', counted: id === 'a' }));
    expect(planMails(due, allowing({ counted: full }))).toEqual([
      { go: 'now', ids: ['a', 'b', 'c'], counts: false },
    ]);
  });

  it('that are low and fall together share a mail and a place', () => {
    const due = ['a', 'b', 'c'].map((id) => mail(id, { priority: 'low' }));
    expect(planMails(due, allowing({ counted: [NOW - DAY] }))).toEqual([
      { go: 'now', ids: ['a', 'b', 'c'], counts: true },
    ]);
  });

  it('that were gathered go as one, before anything newer', () => {
    const due = [
      mail('new', { requestedAt: NOW - 9 * DAY }),
      mail('x', { held: true }),
      mail('y', { held: true }),
    ];
    expect(planMails(due, allowing({ counted: [NOW - DAY] }))).toEqual([
      { go: 'now', ids: ['x', 'y'], counts: true },
      { go: 'later', id: 'new', until: NOW + 6 * DAY, held: true, why: 'cap' },
    ]);
  });

  it('wait for the next free place where the person has no digest, and low ones are not sent', () => {
    const due = [mail('a'), mail('b', { priority: 'low' })];
    expect(planMails(due, allowing({ counted: full, digestAt: null }))).toEqual([
      { go: 'later', id: 'a', until: NOW + DAY, held: false, why: 'cap' },
      { go: 'never', id: 'b' },
    ]);
  });

  it('of a topic that is wanted in the digest wait for it even when there is room', () => {
    expect(planMails([mail('a', { wished: true })], allowing())).toEqual([
      { go: 'later', id: 'a', until: NOW + 3 * DAY, held: true, why: 'wish' },
    ]);
  });

  it('that go out again keep their place and their company', () => {
    const due = [
      mail('a', { bundle: 'a', counted: true }),
      mail('b', { bundle: 'a' }),
      mail('c', { counted: true }),
    ];
    expect(planMails(due, allowing({ counted: full }))).toEqual([
      { go: 'now', ids: ['a', 'b'], counts: false },
      { go: 'now', ids: ['c'], counts: false },
    ]);
  });
});

const dueMails = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    priority: fc.constantFrom('urgent' as const, 'normal' as const, 'low' as const),
    requestedAt: fc.integer({ min: NOW - 9 * DAY, max: NOW }),
    wished: fc.boolean(),
    held: fc.boolean(),
    counted: fc.boolean(),
    bundle: fc.constantFrom(null, 'one', 'two'),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const allowances = fc.record({
  now: fc.constant(NOW),
  cap: fc.option(fc.record({ mails: fc.integer({ min: 1, max: 4 }), windowMs: fc.constant(7 * DAY) })),
  counted: fc.array(fc.integer({ min: NOW - 8 * DAY, max: NOW }), { maxLength: 5 }),
  digestAt: fc.option(fc.integer({ min: NOW + 1, max: NOW + 7 * DAY })),
});
const idsOf = (step: Step): string[] => (step.go === 'now' ? step.ids : [step.id]);

describe('every plan', () => {
  it('has each delivery exactly once, in the future or now', () => {
    fc.assert(
      fc.property(dueMails, allowances, (due, allowance) => {
        const steps = planMails(due, allowance);
        expect(steps.flatMap(idsOf).toSorted()).toEqual(due.map(({ id }) => id).toSorted());
        for (const step of steps) if (step.go === 'later') expect(step.until).toBeGreaterThan(NOW);
      }),
    );
  });

  it('drops only what is low, and only for somebody without a digest', () => {
    fc.assert(
      fc.property(dueMails, allowances, (due, allowance) => {
        for (const step of planMails(due, allowance)) {
          if (step.go !== 'never') continue;
          expect(allowance.digestAt).toBeNull();
          expect(due.find(({ id }) => id === step.id)!.priority).toBe('low');
        }
      }),
    );
  });
});

/** Plays weeks of mails for one person, as the sender would: whatever is due at a moment is planned at it. */
function play(arrivals: readonly { at: number; priority: DueMail['priority'] }[], digests: boolean) {
  const waiting = arrivals.map(({ at, priority }, index) => ({
    due: at,
    mail: mail(`m${index}`, { priority, requestedAt: at }),
  }));
  const sent: { at: number; ids: string[]; counts: boolean }[] = [];
  const never: string[] = [];
  while (waiting.length > 0) {
    const now = Math.min(...waiting.map(({ due }) => due));
    const due = waiting.filter((one) => one.due <= now).map((one) => one.mail);
    const counted = sent.filter(({ counts }) => counts).map(({ at }) => at);
    const digestAt = digests ? (Math.floor(now / (7 * DAY)) + 1) * 7 * DAY : null;
    for (const step of planMails(due, { now, cap, counted, digestAt })) {
      for (const id of idsOf(step)) {
        const index = waiting.findIndex((one) => one.mail.id === id);
        if (step.go === 'later')
          waiting[index] = { due: step.until, mail: { ...waiting[index]!.mail, held: step.held } };
        else waiting.splice(index, 1);
      }
      if (step.go === 'now') sent.push({ at: now, ids: step.ids, counts: step.counts });
      if (step.go === 'never') never.push(step.id);
    }
  }
  return { sent, never };
}

const weeks = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 60 * 24 }).map((hours) => hours * HOUR),
    priority: fc.constantFrom('urgent' as const, 'normal' as const, 'low' as const),
  }),
  { maxLength: 60 },
);

describe('two months of mails', () => {
  it.each([true, false])('never go over the cap, urgent ones aside (digest: %p)', (digests) => {
    fc.assert(
      fc.property(weeks, (arrivals) => {
        const counted = play(arrivals, digests)
          .sent.filter(({ counts }) => counts)
          .map(({ at }) => at);
        for (const at of counted)
          expect(counted.filter((one) => one > at - cap.windowMs && one <= at).length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('all arrive within two weeks where there is a digest, urgent ones at once', () => {
    fc.assert(
      fc.property(weeks, (arrivals) => {
        const { sent, never } = play(arrivals, true);
        expect(never).toEqual([]);
        const arrived = new Map(sent.flatMap(({ at, ids }) => ids.map((id) => [id, at])));
        for (const [index, { at, priority }] of arrivals.entries()) {
          const waited = arrived.get(`m${index}`)! - at;
          expect(waited).toBeLessThanOrEqual(priority === 'urgent' ? 0 : 14 * DAY);
        }
      }),
    );
  });
});
