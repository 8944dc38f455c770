import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Simulated } from '../commands/simulate.js';
import { simulationText } from './text.js';

const NOTHING: Simulated = {
  workflow: 'invite-reminders',
  from: '2026-01-01T00:00:00.000Z',
  until: '2026-04-01T00:00:00.000Z',
  events: 0,
  runs: { started: 0, done: 0, stopped: 0, cancelled: 0, failed: 0, living: 0 },
  steps: {},
  waiting: {},
  mails: 0,
  mailsPerDay: {},
  people: 0,
  points: 0,
  badges: {},
  examples: [],
  notStarted: [],
  notReached: [],
  skipped: [],
  unplayed: [],
};

describe('the text of a simulation', () => {
  it('begins with one sentence that says what would have come of it', () => {
    const text = simulationText({ ...NOTHING, mails: 412, people: 160, points: 13_050, badges: { a: 1 } });
    expect(stripVTControlCharacters(text)).toContain(
      'Switched on from 2026-01-01 to 2026-04-01, invite-reminders would have sent 412 mails and given 13,050 points and 1 badge, reaching 160 people.',
    );
  });

  it('leaves out what there is nothing to say of', () => {
    expect(simulationText(NOTHING).split('\n')).toHaveLength(2);
  });

  it('shows steps, days, examples and reasons', () => {
    const text = simulationText({
      ...NOTHING,
      steps: { mail: { sent: 2, skipped: 1 } },
      waiting: { mail: 3 },
      mailsPerDay: { '2026-01-02': 1, '2026-01-01': 1 },
      notReached: [{ reason: 'does not hold: person.active', count: 1200 }],
      unplayed: ['reward.claimed'],
    });
    expect(text).toContain('mail  sent 2 · skipped 1 · still waiting 3');
    expect(text.indexOf('2026-01-01  ')).toBeLessThan(text.indexOf('2026-01-02  '));
    expect(text).toContain('  1,200  does not hold: person.active');
    expect(text).toContain('reward.claimed');
  });
});
