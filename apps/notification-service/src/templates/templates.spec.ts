import { readdirSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readProgramme } from '../programme/programme.js';
import type { Catalogue } from './catalogue.js';
import { loadTemplates } from './loader.js';
import { Writer, sampleLinks as links } from './writer.js';
import type { Addressee, Letter } from './writer.js';

const PROGRAMME = fileURLToPath(new URL('../../../../programme', import.meta.url));
const badges = ['first-share', 'ten-shares', 'click-magnet', 'traffic-driver', 'weekly-winner'];
const locales = ['en', 'it', 'ms', 'pl'];
const ids = readdirSync(join(PROGRAMME, 'templates'))
  .filter((file) => file.endsWith('.sample.yaml'))
  .map((file) => file.slice(0, -'.sample.yaml'.length))
  .toSorted();

/** What a thread does with a programme, in this process. */
async function load(directory: string): Promise<{ writer: Writer; catalogue: Catalogue }> {
  const settings = readProgramme(directory);
  const writer = new Writer(
    await loadTemplates({ directory: join(directory, 'templates'), settings }),
    settings,
  );
  return { writer, catalogue: writer.catalogue() };
}

let writer: Writer;
let catalogue: Catalogue;
beforeAll(async () => {
  ({ writer, catalogue } = await load(PROGRAMME));
});

const write = (id: string, addressee: Addressee, data: Record<string, unknown>): Letter =>
  writer.write({ id, to: addressee, data, links });

const to = (locale: string, name = 'Anna Example') => ({ name, locale });
const board = (rank: number | null) => ({
  board: 'weekly-company',
  periodKey: '2026-W03',
  rank,
  participants: 58,
  top: [
    {
      personId: 'x',
      name: '<script>alert(1)</script>',
      own: false,
      rank: 1,
      score: 10,
    },
  ],
});

describe('the templates of the programme', () => {
  it('are there in four languages', () => {
    expect([...catalogue.entries.keys()].toSorted()).toEqual(ids);
    for (const template of catalogue.entries.values()) expect(template.locales).toEqual(locales);
  });

  it.each(ids.flatMap((id) => locales.map((locale) => [id, locale] as const)))(
    '%s in %s is whole, short in its subject and readable as text',
    (id, locale) => {
      const { html, text, subject } = writer.sample(id, locale);
      expectShort(subject);
      expect(`${html}${text}`).not.toMatch(/\{\{|\}\}|@\{|undefined|NaN|\[object|\*\*/);
      expect(html).toContain(`lang="${locale}"`);
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html).toContain('https://voices.example/unsubscribe');
      expect(text).toContain('https://voices.example/unsubscribe');
      expect(text).not.toMatch(/<[a-z]|&[a-z]+;|\n{3}/);
      for (const paragraph of text.split('\n\n').slice(1, 3))
        expect(plain(html)).toContain(paragraph.replaceAll('\n', ' '));
    },
  );

  it.each(badges.flatMap((badge) => locales.map((locale) => [badge, locale] as const)))(
    '%s in %s has words of its own',
    (badge, locale) => {
      const { subject, text } = write('badge-earned', to(locale), { badge });
      expectShort(subject);
      expect(text).not.toContain(catalogue.languages.get(locale)!.badges.other.description);
    },
  );

  it.each(locales)('name the rank of who has one, and are kind to who has none, in %s', (locale) => {
    for (const rank of [1, 3, 4, 58, null]) {
      const { subject } = write('weekly-leaderboard', to(locale), board(rank));
      expectShort(subject);
      expect(subject.includes('58')).toBe(rank !== null);
    }
  });

  it('speak the nearest language there is', () => {
    const subjects = ['it-CH', 'it', 'de', 'en-GB'].map(
      (locale) => write('badge-earned', to(locale), { badge: 'first-share' }).subject,
    );
    expect(subjects).toEqual([
      'Un nuovo badge: Prima condivisione',
      'Un nuovo badge: Prima condivisione',
      'Your new badge: First share',
      'Your new badge: First share',
    ]);
  });

  it('count and compare as the language does', () => {
    const clicks = (locale: string, count: number): string =>
      write('validation-personal', to(locale), { clicks: count }).subject;
    expect([1, 2, 5, 112, 22].map((count) => clicks('pl', count).split(': ')[1])).toEqual([
      '1 wizyta',
      '2 wizyty',
      '5 wizyt',
      '112 wizyt',
      '22 wizyty',
    ]);
    const impact = {
      shares: 3,
      clicks: 0,
      reach: 900,
      emv: 0,
      previous: { shares: 0, clicks: 0, reach: 1000, emv: 10 },
    };
    const { text } = write('validation-executive', to('en'), { impact });
    expect(text).toContain('Shares: 3 (+3 from 0)');
    expect(text).toContain('Visits: 0 (0 from 0)');
    expect(text).toContain('Reach: 900 (−10% from 1,000)');
    expect(text).toContain('Earned media value: €0 (−100% from €10)');
  });

  it('escape what comes from data, in words and in structures', () => {
    const evil = '<script>alert(1)</script>';
    const { html, text } = write('weekly-leaderboard', to('en', evil), board(4));
    expect(html).not.toContain('<script');
    expect(html.match(/&lt;script&gt;/g)).toHaveLength(2);
    expect(text).toContain(evil);
  });

  it('refuse to be sent with a hole where data is missing', () => {
    expect(() => write('invite-escalation', to('en'), {})).toThrow('"inviteeName" is not in the data');
    expect(() => write('validation-personal', to('en'), {})).toThrow('reads is not in the data');
    expect(() => write('nope', to('en'), {})).toThrow('There is no template "nope".');
  });
});

describe('a template that is wrong', () => {
  let folder: string;
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const withFile = async (name: string, content: string): Promise<unknown> => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-templates-'));
    await cp(PROGRAMME, folder, { recursive: true });
    await writeFile(join(folder, 'templates', name), content);
    return load(folder);
  };
  const words = (more: string): string => `subject: Your new badge\npreview: p\nheading: h\n${more}\n`;

  it.each([
    [
      'en/badge-earned.yaml',
      words("paragraphs:\n  - fine\n  - '{{oops}}'"),
      'en/badge-earned.yaml:6: "oops" is not in the data; send it',
    ],
    ['en/badge-earned.yaml', words("paragraphs: '{{#if badge}'"), 'en/badge-earned.yaml:4: Parse error'],
    [
      'en/badge-earned.yaml',
      words("paragraphs: '{{shout badge}}'"),
      'en/badge-earned.yaml:4: You specified knownHelpersOnly, but used the unknown helper shout',
    ],
    [
      'en/badge-earned.yaml',
      words("paragraphs: '{{lookup this badge}}'"),
      'en/badge-earned.yaml:4: You specified knownHelpersOnly',
    ],
    [
      'en/badge-earned.yaml',
      words("paragraphs: '{{number constructor}}'"),
      'en/badge-earned.yaml:4: "constructor" leads out of the data',
    ],
    [
      'en/badge-earned.yaml',
      words('paragraphs: 5'),
      'en/badge-earned.yaml:4: paragraphs: must be a text or a list of paragraphs',
    ],
    ['en/badge-earned.yaml', words(''), 'The partial paragraphs could not be found'],
    ['en/badge-earned.yaml', 'subject: [', 'en/badge-earned.yaml:1: '],
    ['en/badge-earned.yaml', 'preview: p\nheading: h\n', 'en/badge-earned.yaml:1: subject: '],
    [
      'en/badge-eraned.yaml',
      words(''),
      'en/badge-eraned.yaml:1: there is no badge-eraned.sample.yaml for these words',
    ],
    [
      'invite.mjml',
      '<mjml><mj-body><mj-section><mj-text>x</mj-text></mj-section></mj-body></mjml>',
      'invite.mjml:1: <mj-text>: mj-text cannot be used inside mj-section',
    ],
    [
      'partials/header.mjml',
      '<mj-section>\n<mj-column paddin="0"></mj-column></mj-section>',
      'partials/header.mjml:2: <mj-column>: Attribute paddin is illegal',
    ],
    [
      'partials/header.mjml',
      '<mj-section background-color="@{colr}"></mj-section>',
      /^[^:]+\.mjml:1: there is no colour "colr"/,
    ],
    [
      'en/badge-earned.yaml',
      words('paragraphs: |\n  fine\n  {{oops}}'),
      'en/badge-earned.yaml:6: "oops" is not in the data',
    ],
    ['invite.sample.yaml', 'data: {}\n', 'invite.mjml:'],
  ])('in %s is named by file and line', async (name, content, problem) => {
    await expect(withFile(name, content)).rejects.toThrow(problem);
  });
});

/** Subjects of 21 to 40 characters are read most and cut least. */
function expectShort(subject: string): void {
  expect(subject).toMatch(/^.{21,40}$/u);
}

const plain = (html: string): string =>
  html
    .replaceAll(/<br \/>/g, ' ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&#x27;', "'");
