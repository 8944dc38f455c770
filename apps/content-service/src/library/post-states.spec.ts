import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actionsFrom, move, postStatuses, transitions } from './post-states.js';
import type { PostAction } from './post-states.js';

const actions = Object.keys(transitions) as PostAction[];
const asked = fc.record({
  status: fc.constantFrom(...postStatuses),
  approvals: fc.nat(5),
  required: fc.nat(5),
  own: fc.boolean(),
});

describe('a post', () => {
  it.each([
    ['draft', ['submit', 'schedule', 'publish', 'archive']],
    ['review', ['approve', 'reject', 'schedule', 'publish', 'archive']],
    ['scheduled', ['schedule', 'unschedule', 'publish', 'archive']],
    ['published', ['expire', 'archive']],
    ['expired', ['archive', 'reopen']],
    ['archived', ['reopen']],
  ] as const)('that is %s can go these ways and no others', (status, ways) => {
    expect(actionsFrom(status)).toEqual(ways);
  });

  it('goes where the table says, or is told which ways there are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...actions), asked, (action, post) => {
        const moved = move(action, post);
        if (moved.ok) expect(transitions[action].from).toContain(post.status);
        else if (moved.code === 'transition_refused')
          for (const way of actionsFrom(post.status)) expect(moved.reason).toContain(way);
        expect(moved.ok || moved.reason.length > 20).toBe(true);
      }),
    );
  });

  it('never comes out, and is never scheduled, without as many approvals as the programme wants', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...actions), { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        (path, required) => {
          let [status, approvals]: [(typeof postStatuses)[number], number] = ['draft', 0];
          for (const action of path) {
            const moved = move(action, { status, approvals, required, own: false });
            if (!moved.ok) continue;
            status = moved.to;
            if (action === 'approve') approvals++;
            if (status === 'published' || status === 'scheduled')
              expect(approvals).toBeGreaterThanOrEqual(required);
          }
        },
      ),
    );
  });

  it('is not approved by who wrote it', () => {
    const post = { status: 'review', approvals: 0, required: 1 } as const;
    expect(move('approve', { ...post, own: true })).toMatchObject({ ok: false, code: 'own_post' });
    expect(move('approve', { ...post, own: false })).toEqual({ ok: true, to: 'review' });
    expect(move('submit', { ...post, status: 'draft', own: true })).toEqual({ ok: true, to: 'review' });
  });

  it('that lacks approvals is told what can be done instead', () => {
    expect(move('publish', { status: 'review', approvals: 1, required: 2, own: false })).toEqual({
      ok: false,
      code: 'approvals_missing',
      reason: 'This post has 1 of 2 approvals; from review it can approve, reject, archive.',
    });
  });
});
