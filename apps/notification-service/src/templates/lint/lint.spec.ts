import { describe, expect, it } from '@jest/globals';
import { lint, structure, withTemplates, words } from '../folder.support.js';
import { look } from './look.js';

const said = async (only: string, files: Record<string, string>): Promise<string[]> =>
  (await lint(only, files)).map(
    ({ severity, code, file, line, message }) => `${severity} ${code} ${file}:${line}: ${message}`,
  );

describe('the lint of a template', () => {
  it('has nothing to say of the mails of the programme', async () => {
    await withTemplates({}, async (loading) => {
      for (const only of [
        'badge-earned',
        'invite',
        'weekly-leaderboard',
        'validation-executive',
        'survey-enps',
      ])
        expect((await look({ ...loading, only })).findings).toEqual([]);
    });
  });

  it('names a variable that only a branch reads which the sample does not take', async () => {
    const file = 'en/weekly-leaderboard.yaml';
    const found = await said('weekly-leaderboard', {
      [file]: `${words("paragraphs:\n  - fine\n  - '{{#if rank}}fine{{else}}{{prize}}{{/if}}'", 'The board of the last week')}rankColumn: r\nnameColumn: n\nscoreColumn: s\nclosing: c\n`,
    });
    expect(found).toEqual([`error variable_missing ${file}:6: "prize" is not in the sample data`]);
  });

  it.each([
    ['{{number badge}}', '"badge" is a text; "number" wants a number'],
    ['{{#each badge}}x{{/each}}', '"badge" is a text; "each" wants a list'],
    ['{{recipient}}', '"recipient" is a group of fields, which cannot be written out'],
    ['{{#if (eq badge missing)}}x{{/if}}', '"missing" is not in the sample data'],
    ['{{> nothing}}', '"nothing" is called, but there are no words for it'],
  ])('says of %s: %s', async (text, message) => {
    const found = await said('badge-earned', { 'en/badge-earned.yaml': words(`paragraphs: '${text}'`) });
    expect(found.join('\n')).toContain(`en/badge-earned.yaml:4: ${message}`);
  });

  it('follows lists and parts to what stands in them', async () => {
    const found = await said('goal-review', {
      'pl/goal-review.yaml': `${words('paragraphs: x')}item: '{{number name}} {{color}}'\nclosing: c\n`,
    });
    expect(found).toEqual([
      'error variable_type pl/goal-review.yaml:5: "name" is a text; "number" wants a number',
      'error variable_missing pl/goal-review.yaml:5: "color" is not in the sample data',
    ]);
  });

  it('names the line of the MJML, not of the HTML that MJML makes of it', async () => {
    const found = await said('badge-earned', {
      'badge-earned.mjml': structure('<mj-text>x</mj-text>\n<mj-text>{{number badge}}</mj-text>'),
    });
    expect(found).toContain(
      'error variable_type badge-earned.mjml:5: "badge" is a text; "number" wants a number',
    );
  });

  it('tells of a language that is missing', async () => {
    const found = await withTemplates({}, async (loading) => {
      const settings = { ...loading.settings, locales: [...loading.settings.locales, 'de'] };
      return (await look({ ...loading, settings, only: 'invite' })).findings;
    });
    expect(found).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'locale_missing', file: 'de/invite.yaml' }),
    ]);
  });

  it.each([
    [
      'Hi',
      'warning subject_length en/badge-earned.yaml:1: the subject has 2 characters; 21 to 40 are read most',
    ],
    ['x'.repeat(41), 'warning subject_length'],
    [
      'x'.repeat(79),
      'error subject_long en/badge-earned.yaml:1: the subject has 79 characters; 78 are the most',
    ],
    ["''", 'error subject_missing'],
  ])('weighs the subject %s', async (subject, finding) => {
    const found = await said('badge-earned', { 'en/badge-earned.yaml': words('paragraphs: x', subject) });
    expect(found).toEqual([expect.stringContaining(finding)]);
  });

  it('misses a preview', async () => {
    const text = words('paragraphs: x').replace('preview: p', "preview: ''");
    expect(await said('badge-earned', { 'en/badge-earned.yaml': text })).toEqual([
      expect.stringContaining('error preview_missing en/badge-earned.yaml:2:'),
    ]);
  });

  it.each([
    ['<mj-text><a href="http://example.com">x</a></mj-text>', 'link_insecure'],
    ['<mj-button>x</mj-button>\n<mj-text><a>y</a></mj-text>', 'link_insecure'],
    ['<mj-raw><img src="https://example.com/x.png"></mj-raw>', 'picture_silent'],
    ['<mj-text><span style="float:left">x</span></mj-text>', 'style_unsupported'],
    ['<mj-text><div style="display: flex">x</div></mj-text>', 'style_unsupported'],
    ['<mj-text><div style="position:absolute">x</div></mj-text>', 'style_unsupported'],
    [
      '<mj-text><div style="background-image:url(https://x.example/y)">x</div></mj-text>',
      'style_unsupported',
    ],
  ])('finds fault with %s', async (content, code) => {
    const found = await lint('badge-earned', { 'badge-earned.mjml': structure(content) });
    expect(found.map((finding) => finding.code)).toEqual([code]);
  });

  it('names the page that says which clients do not know a style', async () => {
    const head = '\n<mj-style>@import url(x); .a { display: grid }</mj-style>';
    const found = await said('badge-earned', {
      'badge-earned.mjml': structure('<mj-text>x</mj-text>', head),
    });
    expect(found.map((text) => text.replace(/.*(badge\S+:\d+: ).*features\//, '$1'))).toEqual([
      'badge-earned.mjml:3: css-display-grid/',
      'badge-earned.mjml:3: css-at-import/',
    ]);
  });

  it('warns of a mail that Gmail would cut off', async () => {
    const content = `<mj-text>${'long '.repeat(21_000)}</mj-text>`;
    const found = await lint('badge-earned', { 'badge-earned.mjml': structure(content) });
    expect(found.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'mail_clipped']]);
  });

  it('tells what MJML does not like at its line', async () => {
    const content = '<mj-text>x</mj-text>\n<mj-button colour="red">x</mj-button>';
    expect(await said('badge-earned', { 'badge-earned.mjml': structure(content) })).toEqual([
      'error source_wrong badge-earned.mjml:5: <mj-button>: Attribute colour is illegal',
    ]);
  });
});
