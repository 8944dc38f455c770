import { describe, expect, it } from '@jest/globals';
import type { ProgrammeSettings } from '#libs/contracts';
import { plainManner } from '../pacing/manner.js';
import type { Recipient } from '../recipients/recipients.query.js';
import type { PersonalDelivery } from './delivery.js';
import { keptBy } from './gate.js';

const to = { active: true, consentsMail: true, topics: {}, zone: 'Europe/Rome', location: null } as Recipient;
const settings = {
  working_days: [1, 2, 3, 4, 5],
  locations: {},
  quiet_hours: { from: '22:00', to: '07:00' },
  mail: { days: 'working' },
} as unknown as ProgrammeSettings;
const outcomeAt = (now: string, held: boolean) => {
  const delivery = { data: {}, answers: null, requestedAt: new Date(now), held } as PersonalDelivery;
  return keptBy(delivery, { to, manner: plainManner, links: new Map(), settings, now: new Date(now) });
};

describe('a mail that has waited for its digest', () => {
  it.each([
    ['quiet hours', '2026-01-05T05:30:00Z', '2026-01-05T06:00:00Z'],
    ['no working day', '2026-01-10T09:00:00Z', '2026-01-12T09:00:00Z'],
  ])('still belongs to it after a wait for %s', (reason, now, until) => {
    expect(outcomeAt(now, true)).toEqual({ kind: 'waits', until: new Date(until), reason, held: true });
    expect(outcomeAt(now, false)).toMatchObject({ kind: 'waits', held: false });
  });
});
