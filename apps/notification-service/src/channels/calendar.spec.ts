import { describe, expect, it } from '@jest/globals';
import { invitationFor } from './calendar.js';
import type { CalendarEntry } from './calendar.js';

const sender = { name: 'Northwind Voices', email: 'voices@northwind.example' };
const to = {
  personId: '3f1a9a1c-5a55-4f31-8f54-0a1b2c3d4e5f',
  name: 'Grace Okafor',
  email: 'grace@northwind.example',
};
const entry: CalendarEntry = {
  uid: 'training-7',
  starts: '2026-03-10T13:00:00.000Z',
  ends: '2026-03-10T14:30:00.000Z',
  summary: 'Writing in your own words',
  location: 'Room 4, Rome',
  url: 'https://voices.northwind.example/trainings/7',
  cancelled: false,
  sequence: 0,
};
const AT = new Date('2026-03-02T08:00:00Z');

/** Unfolded lines (RFC 5545, 3.1). */
const linesOf = (given: Partial<CalendarEntry> = {}, person = to): string[] =>
  invitationFor({ ...entry, ...given }, person, sender, AT)
    .content.replaceAll(/\r\n[ \t]/g, '')
    .split('\r\n');
const uidOf = (lines: readonly string[]): string => lines.find((line) => line.startsWith('UID:'))!;

describe('an entry for a calendar', () => {
  it('asks the recipient to put it into the calendar', () => {
    expect(linesOf()).toEqual(
      expect.arrayContaining([
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'METHOD:REQUEST',
        'SEQUENCE:0',
        'DTSTAMP:20260302T080000Z',
        'DTSTART:20260310T130000Z',
        'DTEND:20260310T143000Z',
        'SUMMARY:Writing in your own words',
        'LOCATION:Room 4\\, Rome',
        'STATUS:CONFIRMED',
        'END:VCALENDAR',
      ]),
    );
  });

  it('is moved, and taken away, under the same uid with a higher sequence', () => {
    const [first, moved, gone] = [
      linesOf(),
      linesOf({ sequence: 1, starts: '2026-03-10T13:30:00.000Z' }),
      linesOf({ sequence: 2, cancelled: true }),
    ];
    expect(new Set([first, moved, gone].map(uidOf)).size).toBe(1);
    expect(moved).toEqual(
      expect.arrayContaining(['METHOD:REQUEST', 'SEQUENCE:1', 'DTSTART:20260310T133000Z']),
    );
    expect(gone).toEqual(expect.arrayContaining(['METHOD:CANCEL', 'SEQUENCE:2', 'STATUS:CANCELLED']));
  });

  it('has a uid of its own for each recipient, which tells nothing of either', () => {
    const other = linesOf({}, { ...to, personId: '9f1a9a1c-5a55-4f31-8f54-0a1b2c3d4e5f' });
    expect(uidOf(other)).not.toBe(uidOf(linesOf()));
    expect(uidOf(linesOf())).toMatch(/^UID:[0-9a-f-]{36}@northwind\.example$/);
  });

  it('keeps lines of what people write from becoming lines of its own', () => {
    const lines = linesOf({
      summary: 'Nice\r\nATTENDEE:mailto:evil@evil.example',
      location: 'a;b\nMETHOD:CANCEL',
    });
    expect(lines.filter((line) => line.startsWith('METHOD:'))).toEqual(['METHOD:REQUEST']);
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(1);
    expect(lines).toContain('LOCATION:a\\;b METHOD:CANCEL');
  });

  it('has no line longer than 75 octets', () => {
    const { content } = invitationFor({ ...entry, summary: 'zażółć 你好 '.repeat(15) }, to, sender, AT);
    expect(Math.max(...content.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  });
});
