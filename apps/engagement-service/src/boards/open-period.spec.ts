import { describe, expect, it } from '@jest/globals';
import { periodFromKey } from '#libs/calendar';
import { openPeriod } from './open-period.js';

const endOf = (key: string, zone: string): number => periodFromKey(key, zone)!.end;

describe('the period of a board that closes next', () => {
  it('is the one after the last', () => {
    const board = { period: 'week', zone: 'Europe/Rome' } as const;
    expect(openPeriod(board, endOf('2026-W03', board.zone), ['2026-W03', '2026-W02']).key).toBe('2026-W04');
  });

  it.each([
    ['week', 'Europe/Rome', 'Europe/London', '2026-W03', '2026-W04'],
    ['month', 'Europe/Rome', 'America/New_York', '2026-02', '2026-03'],
    ['week', 'Europe/London', 'Europe/Rome', '2026-W03', '2026-W04'],
  ] as const)(
    'of a %s is no closed one when the zone moves from %s to %s',
    (period, before, zone, last, next) => {
      expect(openPeriod({ period, zone }, endOf(last, before), [last]).key).toBe(next);
    },
  );

  it('is the day after the last also where a move goes back over more than a day', () => {
    const board = { period: 'day', zone: 'Pacific/Pago_Pago' } as const;
    const from = endOf('2026-03-10', 'Pacific/Kiritimati');
    expect(openPeriod(board, from, ['2026-03-10', '2026-03-09']).key).toBe('2026-03-11');
  });
});
