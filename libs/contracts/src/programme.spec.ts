import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readYaml } from '#libs/platform';
import { programmeSchema } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'laurel-programme-'));
const file = join(folder, 'programme.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

const lines = [
  'name: Voices',
  'company: Northwind',
  'sender: { name: Voices, email: voices@northwind.example }',
  'brand:',
  "  colour: '#1f6f5c'",
  "  accent: '#e0a43a'",
  "  background: '#F4F1EA'",
  '  logo: https://northwind.example/logo.svg',
  'locales: [en, it-CH]',
  'zone: Europe/Rome',
  'working_days: [MON, SUN]',
  'locations:',
  '  Rome: { holidays: [2026-01-01] }',
  'earned_media_value:',
  '  currency: EUR',
  '  rates:',
  '    default: { cpc: 1, cpm: 8 }',
];

/** Reads the programme with some lines (from 1) replaced. */
function read(changes: Record<number, string> = {}): unknown {
  writeFileSync(file, lines.map((line, index) => changes[index + 1] ?? line).join('\n'));
  return readYaml(file, programmeSchema);
}

describe('programme.yaml', () => {
  it('is read as both services need it', () => {
    expect(read()).toMatchObject({
      brand: { logo: 'https://northwind.example/logo.svg' },
      working_days: [1, 7],
      earned_media_value: { currency: 'EUR', rates: { default: { cpc: 1, cpm: 8 } } },
    });
  });

  it('is read as it comes with Laurel', () => {
    expect(readYaml('programme/programme.yaml', programmeSchema).name).toBe('Northwind Voices');
  });

  it('may do without a logo', () => {
    expect(read({ 8: '' })).not.toHaveProperty('brand.logo');
  });

  it('declares what people do and which fields that has', () => {
    const activities =
      'activities: { training.attended: { fields: { course: string, hours: number } }, desk.tidied: {} }';
    expect(read({ 3: `${lines[2]}\n${activities}` })).toHaveProperty('activities', {
      'training.attended': { fields: { course: 'string', hours: 'number' } },
      'desk.tidied': {},
    });
    expect(() => read({ 3: `${lines[2]}\nactivities: { training: {} }` })).toThrow('activities.training');
    expect(() => read({ 3: `${lines[2]}\nactivities: { a.b: { fields: { course: colour } } }` })).toThrow(
      'activities.a.b.fields.course',
    );
  });

  it.each([
    [1, 'name: ""', 'name: '],
    [1, 'name: "Voices\\nBcc: x"', 'name: must not hold control characters'],
    [2, 'company: 7', 'company: '],
    [3, 'sender: { name: Voices, email: nobody }', 'sender.email: '],
    [3, 'sender: { name: Voices }', 'sender.email: '],
    [5, '  colour: teal', 'brand.colour: must be a colour like "#1f6f5c"'],
    [6, "  accent: '#fff'", 'brand.accent: must be a colour like "#1f6f5c"'],
    [8, '  logo: http://northwind.example/logo.svg', 'brand.logo: must be an address that begins with https'],
    [8, '  logo: javascript:alert(1)', 'brand.logo: must be an address that begins with https'],
    [8, '  font: Georgia', 'brand.font: is not known here'],
    [9, 'locales: []', 'locales: '],
    [9, 'locales: [en, "../it"]', 'locales.1: is not a language tag'],
    [10, 'zone: Europe/Atlantis', 'zone: is not an IANA time zone such as Europe/Rome'],
    [10, 'zone: "+01:00"', 'zone: is not an IANA time zone such as Europe/Rome'],
    [11, 'working_days: [MONDAY]', 'working_days.0: '],
    [11, 'working_days: []', 'working_days: '],
    [13, '  Rome: { holidays: [2026-02-30] }', 'locations.Rome.holidays.0: '],
    [13, '  Rome: { holiday: [] }', 'locations.Rome.holiday: is not known here'],
    [15, '  currency: euro', 'earned_media_value.currency: must be an ISO 4217 code such as EUR'],
    [17, '    default: { cpc: -1, cpm: 8 }', 'earned_media_value.rates.default.cpc: '],
  ])('is refused with line %i being "%s"', (line, text, problem) => {
    expect(() => read({ [line]: text })).toThrow(`${file}:${line}: ${problem}`);
  });

  it('needs a rate for networks without one of their own', () => {
    expect(() => read({ 17: '    x: { cpc: 1, cpm: 6 }' })).toThrow(
      `${file}:16: earned_media_value.rates: a rate named "default" is needed`,
    );
  });

  it('tells all mistakes at once', () => {
    expect(() => read({ 5: '  colour: teal', 10: 'zone: Rome', 14: 'emv:' })).toThrow(
      expect.objectContaining({
        problems: [5, 10, 1, 14].map((line) => expect.objectContaining({ file, line })),
      }),
    );
  });
});
