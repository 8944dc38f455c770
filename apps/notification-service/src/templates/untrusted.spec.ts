import { describe, expect, it } from '@jest/globals';
import { lint, structure, withTemplates, words } from './folder.support.js';
import { loadTemplates } from './loader.js';
import { Writer } from './writer.js';

const file = 'en/badge-earned.yaml';
const refused = async (files: Record<string, string>): Promise<string> => {
  const errors = (await lint('badge-earned', files)).filter(({ severity }) => severity === 'error');
  return errors.map(({ file: where, line, message }) => `${where}:${line}: ${message}`).join('\n');
};
const paragraph = (text: string): Record<string, string> => ({ [file]: words(`paragraphs: '${text}'`) });

describe('words of somebody nobody knows', () => {
  it.each([
    ['{{constructor}}', '"constructor" leads out of the data'],
    ['{{__proto__}}', '"__proto__" leads out of the data'],
    ['{{recipient.constructor.name}}', '"constructor" leads out of the data'],
    ['{{recipient.[__proto__]}}', '"__proto__" leads out of the data'],
    ['{{@root.constructor}}', '"constructor" leads out of the data'],
    ['{{#with recipient}}{{../constructor}}{{/with}}', '"constructor" leads out of the data'],
    ['{{number (eq prototype 1)}}', '"prototype" leads out of the data'],
    ['{{lookup this "constructor"}}', 'knownHelpersOnly'],
    ['{{{badge}}}', 'output must be escaped'],
    ['{{&badge}}', 'output must be escaped'],
    ['{{#*inline "x"}}y{{/inline}}', 'decorators are not known here'],
    ['{{> (badgeName badge)}}', 'a partial is named, never chosen by data'],
    ['{{#> greeting}}x{{/greeting}}', 'a partial has no block of its own here'],
    ['{{log badge}}', 'knownHelpersOnly'],
    [`${'{{#if badge}}'.repeat(9)}x${'{{/if}}'.repeat(9)}`, 'more than 8 deep'],
  ])('cannot say %s', async (text, reason) => {
    expect(await refused(paragraph(text))).toContain(reason);
    expect(await refused(paragraph(text))).toContain(`${file}:4: `);
  });

  it('cannot call themselves without end', async () => {
    expect(await refused(paragraph('{{> paragraphs}}'))).toContain('"paragraphs" calls itself without end');
  });

  it.each([
    ['a line break', String.raw`"Hi\r\nBcc: everybody@example.com"`, 'the subject holds a line break'],
    ['a tab', String.raw`"Hi\tthere, this is long enough"`, 'or another control character'],
    ['a NUL', String.raw`"Hi\0there, this is long enough"`, 'Unrecognized text'],
  ])('cannot put %s into the subject', async (_, subject, reason) => {
    expect(await refused({ [file]: words('paragraphs: x', subject) })).toMatch(
      new RegExp(`^${file}:1: .*${reason}`),
    );
  });

  it('cannot be as long as they like', async () => {
    const long = words(`paragraphs: '${'x'.repeat(10 * 1024 * 1024)}'`);
    expect(await refused({ [file]: long })).toBe(
      `${file}:1: is over 256 KB, the most a file of a template may have`,
    );
  });

  it('cannot make a mail of more than 1 MB, whatever the data', async () => {
    await withTemplates({}, async (loading) => {
      const writer = new Writer(await loadTemplates({ ...loading, only: 'share-ready' }), loading.settings);
      const order = writer.sampleOrder('share-ready', 'en');
      expect(() => writer.write({ ...order, data: { title: 'x'.repeat(1024 * 1024) } })).toThrow(
        'more than 1 MB',
      );
    });
  });
});

describe('a structure of somebody nobody knows', () => {
  it.each([
    ['/etc/passwd'],
    ['../programme.yaml'],
    ['partials/../../programme.yaml'],
    ['https://example.com/x.mjml'],
    ['file:///etc/passwd'],
    ['en/common.yaml'],
  ])('cannot include %s', async (path) => {
    const findings = await refused({ 'badge-earned.mjml': structure(`<mj-include path="${path}" />`) });
    expect(findings).toContain(`badge-earned.mjml:4: mj-include of "${path}": only files of partials/`);
  });

  it('cannot include what is not there', async () => {
    expect(
      await refused({ 'badge-earned.mjml': structure('<mj-include path="partials/no.mjml" />') }),
    ).toContain('badge-earned.mjml:4: mj-include of "partials/no.mjml": there is no such file');
  });

  it.each([
    ['<mj-image src="file:///etc/passwd" alt="x" />', 'must be an https:// address: a mail carries no files'],
    ['<mj-image src="cid:logo" alt="x" />', 'must be an https:// address: a mail carries no files'],
    ['<mj-raw><script>x</script></mj-raw>', '<script> has no place in a mail'],
    ['<mj-raw><iframe></iframe></mj-raw>', '<iframe> has no place in a mail'],
    ['<mj-raw><p onclick="x">y</p></mj-raw>', 'onclick="…" is a script'],
    ['<mj-text><a href="javascript:x">y</a></mj-text>', 'does not begin with https://'],
  ])('cannot hold %s', async (content, reason) => {
    expect(await refused({ 'badge-earned.mjml': structure(content) })).toContain(reason);
  });

  it('cannot carry attachments', async () => {
    expect(
      await refused({ 'badge-earned.sample.yaml': 'data: { badge: x }\nattachments: [/etc/passwd]\n' }),
    ).toContain('badge-earned.sample.yaml:2: attachments: is not known here');
  });
});

describe('a language that does not exist', () => {
  it('is refused by the name of its folder', async () => {
    const { mkdirSync } = await import('node:fs');
    const findings = withTemplates({}, async (loading) => {
      mkdirSync(`${loading.directory}/qqq`);
      return loadTemplates(loading);
    });
    await expect(findings).rejects.toThrow(/templates\/qqq:1: "qqq" is no language/);
  });
});
