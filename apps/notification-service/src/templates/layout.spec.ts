import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readProgramme } from '../programme/programme.js';
import { PROGRAMME } from './folder.support.js';
import { loadTemplates } from './loader.js';
import { sizesOf } from './picture.js';
import { Writer } from './writer.js';

const browser = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const found = existsSync(browser);
if (!found)
  console.log(`the layout of mails is not measured: there is no browser at ${browser} (set CHROMIUM)`);

const mails = new Map<string, string>();
beforeAll(async () => {
  const settings = readProgramme(PROGRAMME);
  const writer = new Writer(await loadTemplates({ directory: `${PROGRAMME}/templates`, settings }), settings);
  for (const { id, locales } of writer.catalogue().entries.values())
    for (const locale of locales) mails.set(`${id} in ${locale}`, writer.sample(id, locale).html);
});

describe('every mail of the programme in every language', () => {
  it('knows light and dark', () => {
    for (const html of mails.values()) {
      expect(html).toContain('<meta name="color-scheme" content="light dark"');
      expect(html).toContain('@media (prefers-color-scheme: dark)');
    }
  });

  it.each([
    [320, 'light'],
    [320, 'dark'],
    [600, 'light'],
    [600, 'dark'],
  ] as const)('fits into %i pixels, %s', async (width, scheme) => {
    const names = found ? [...mails.keys()] : [];
    const sizes = found ? await sizesOf(browser, [...mails.values()], { width, scheme }) : [];
    expect(names.filter((_, index) => sizes[index]!.width > width)).toEqual([]);
    expect(sizes.every(({ height }) => height > 300)).toBe(true);
  });

  it('would be seen not to fit', async () => {
    const wide = '<html><body><p style="width:700px">x</p></body></html>';
    const [size] = found ? await sizesOf(browser, [wide], { width: 320, scheme: 'light' }) : [{ width: 700 }];
    expect(size!.width).toBeGreaterThanOrEqual(700);
  });
});
