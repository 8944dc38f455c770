import { describe, expect, it } from '@jest/globals';
import { Drive, flagship, person, rome } from './drive.support.js';
import { needsOf } from './index.js';

const TOKYO = { zone: 'Asia/Tokyo', workingDays: [1, 2, 3, 4, 5], holidays: ['2026-01-12'] };

describe('invite-reminders', () => {
  const invited = (drive: Drive, at: number, personId = 'ada') =>
    drive.happen('invitation.sent', at, { personId, invitationId: `i-${personId}` });

  it('reminds on working days at nine and tells the lead after fourteen days', () => {
    const drive = new Drive(flagship('invite-reminders'), [person('ada', { lead: 'bob' }), person('bob')]);
    invited(drive, rome('2026-01-05T15:00'));
    drive.until(rome('2026-03-01T00:00'));
    expect(drive.byPerson('ada')).toEqual([
      ['invite-reminder', '2026-01-07T08:00'],
      ['invite-reminder-last', '2026-01-12T08:00'],
    ]);
    expect(drive.byPerson('bob')).toEqual([['invite-escalation', '2026-01-19T08:00']]);
    expect(drive.sends.map((s) => s.data)).toEqual([
      { invitationId: 'i-ada' },
      { invitationId: 'i-ada' },
      { inviteePersonId: 'ada' },
    ]);
    expect(drive.runs.get('r1')?.status).toBe('done');
  });

  it('does not drift over a weekend or a holiday, and keeps the hour of the person', () => {
    const drive = new Drive(flagship('invite-reminders'), [person('yui', { calendar: TOKYO })]);
    invited(drive, rome('2026-01-08T10:00'), 'yui'); // Thursday; two days on is Saturday, Monday a holiday
    drive.until(rome('2026-03-01T00:00'));
    expect(drive.byPerson('yui')).toEqual([
      ['invite-reminder', '2026-01-13T00:00'],
      ['invite-reminder-last', '2026-01-15T00:00'],
    ]);
  });

  it('stops the moment the invitation is accepted, and only that one', () => {
    const drive = new Drive(flagship('invite-reminders'), [person('ada'), person('cyd')]);
    invited(drive, rome('2026-01-05T15:00'));
    invited(drive, rome('2026-01-05T15:01'), 'cyd');
    drive.happen('invitation.accepted', rome('2026-01-08T12:00'), { personId: 'ada', invitationId: 'i-ada' });
    drive.until(rome('2026-03-01T00:00'));
    expect([drive.byPerson('ada').length, drive.byPerson('cyd').length]).toEqual([1, 2]);
    expect(drive.runs.get('r1')).toMatchObject({
      status: 'stopped',
      reason: 'stopped by invitation.accepted',
      dueAt: null,
    });
  });

  it('skips the escalation of somebody without a lead, with the reason', () => {
    const drive = new Drive(flagship('invite-reminders'), [person('ada')]);
    invited(drive, rome('2026-01-05T15:00'));
    drive.until(rome('2026-03-01T00:00'));
    expect(drive.log).toContainEqual(
      expect.objectContaining({
        stepId: 'escalate',
        kind: 'if',
        outcome: 'skipped',
        reason: 'does not hold: person.lead != null',
      }),
    );
  });

  it('starts once while a run for the invitation is alive', () => {
    const drive = new Drive(flagship('invite-reminders'), [person('ada')]);
    invited(drive, rome('2026-01-05T15:00'));
    invited(drive, rome('2026-01-06T15:00'));
    expect(drive.runs.size).toBe(1);
  });
});

describe('weekly-leaderboard', () => {
  it('gives the badge to all who share the first places and a mail to everybody who takes part', () => {
    const people = [...Array(20).keys()].map((i) =>
      person(`p${i}`, { consents: { ranking: i !== 19, mail: true } }),
    );
    const ranking = people
      .map((p, i) => ({ personId: p.id, rank: i < 2 ? i + 1 : i < 4 ? 3 : i + 1, score: 100 - i }))
      .slice(0, 15);
    const drive = new Drive(flagship('weekly-leaderboard'), people);
    drive.happen('board.closed', rome('2026-01-12T00:00'), {
      board: 'weekly-company',
      periodKey: '2026-W02',
      participants: ranking.length,
      ranking,
    });
    drive.happen('board.closed', rome('2026-01-12T00:01'), {
      board: 'another',
      periodKey: '2026-W02',
      ranking,
    });
    expect(drive.awards.map((a) => [a.badge, a.to])).toEqual(
      ['p0', 'p1', 'p2', 'p3'].map((id) => ['weekly-winner', id]),
    );
    expect(drive.sends.length).toBe(19);
    expect(drive.sends.find((s) => s.to === 'p4')?.data).toMatchObject({
      rank: 5,
      board: 'weekly-company',
      periodKey: '2026-W02',
      participants: 15,
    });
    expect(drive.sends.find((s) => s.to === 'p18')?.data).toMatchObject({ rank: null });
    expect(drive.sends[0]?.data['top']).toHaveLength(10);
    expect(drive.runs.get('r1')?.status).toBe('done');
  });

  it('comes to its end with nobody on the board', () => {
    const drive = new Drive(flagship('weekly-leaderboard'), []);
    drive.happen('board.closed', rome('2026-01-12T00:00'), {
      board: 'weekly-company',
      periodKey: '2026-W02',
      ranking: [],
    });
    expect([drive.runs.get('r1')?.status, drive.awards.length, drive.sends.length]).toEqual(['done', 0, 0]);
  });
});

describe('badge-awards and click-milestone', () => {
  it('congratulates on every badge', () => {
    const drive = new Drive(flagship('badge-awards'), [person('ada')]);
    drive.happen('badge.earned', rome('2026-01-12T10:00'), { personId: 'ada', badge: 'first-share' });
    drive.happen('badge.earned', rome('2026-02-12T10:00'), { personId: 'ada', badge: 'weekly-winner' });
    expect(drive.sends.map((s) => [s.template, s.to, s.data])).toEqual([
      ['badge-earned', 'ada', { badge: 'first-share' }],
      ['badge-earned', 'ada', { badge: 'weekly-winner' }],
    ]);
  });

  it('thanks for the hundredth click of a month', () => {
    const drive = new Drive(flagship('click-milestone'), [person('ada')]);
    const reached = {
      personId: 'ada',
      metric: 'credible_clicks',
      per: 'month',
      periodKey: '2026-01',
      value: 103,
      threshold: 100,
    };
    drive.happen('metric.reached', rome('2026-01-12T10:00'), reached);
    drive.happen('metric.reached', rome('2026-01-12T10:01'), { ...reached, metric: 'shares' });
    expect(drive.awards).toMatchObject([{ badge: 'traffic-driver', to: 'ada' }]);
    expect(drive.sends).toMatchObject([
      { template: 'validation-personal', to: 'ada', data: { clicks: 103, threshold: 100 } },
    ]);
    expect(drive.runs.get('r1')?.key).toBe('ada:2026-01');
  });
});

describe('exec-validation', () => {
  it('writes to executives who shared, at eight where they live, on the first of each month', () => {
    const impact = {
      shares: 4,
      clicks: 9,
      reach: 100,
      emv: 12.5,
      previous: { shares: 1, clicks: 2, reach: 3, emv: 4 },
    };
    const facts = { metric: (id: string) => (id === 'lazy' ? 0 : 4), impact: () => impact };
    const people = [
      person('rosa', { seniority: 'executive' }),
      person('kenji', { seniority: 'executive', calendar: TOKYO }),
      person('lazy', { seniority: 'executive' }),
      person('ada', { seniority: 'staff' }),
    ];
    const drive = new Drive(flagship('exec-validation'), people, facts);
    drive.now = rome('2026-01-15T12:00');
    drive.until(rome('2026-04-15T12:00'));
    expect(drive.byPerson('rosa').map(([, at]) => at)).toEqual([
      '2026-02-01T07:00',
      '2026-03-01T07:00',
      '2026-04-01T06:00',
    ]);
    expect(drive.byPerson('kenji').map(([, at]) => at)).toEqual([
      '2026-01-31T23:00',
      '2026-02-28T23:00',
      '2026-03-31T23:00',
    ]);
    expect(drive.sends.length).toBe(6);
    expect(drive.sends[0]?.data).toEqual({ impact });
    expect(needsOf(flagship('exec-validation'))).toEqual([
      { kind: 'impact', window: 'last_month' },
      { kind: 'metric', name: 'shares', window: 'last_month' },
    ]);
  });
});
