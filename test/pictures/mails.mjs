// Pictures of the programme's mails for the docs, from the real templates with their sample data.
// CHROMIUM=/usr/bin/chromium node test/pictures/mails.mjs [folder]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProgramme } from '../../dist/apps/notification-service/src/programme/programme.js';
import { loadTemplates } from '../../dist/apps/notification-service/src/templates/loader.js';
import { pictureOf } from '../../dist/apps/notification-service/src/templates/picture.js';
import { Writer } from '../../dist/apps/notification-service/src/templates/writer.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.argv[2] ?? join(root, 'docs/notifications/mails');
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** One of each structure, in turn in each language, at both widths and in both schemes. */
const wanted = [
  ['weekly-leaderboard', 'en', 600, 'light'],
  ['weekly-leaderboard', 'ms', 320, 'dark'],
  ['badge-earned', 'it', 320, 'light'],
  ['validation-executive', 'en', 600, 'dark'],
  ['validation-executive', 'pl', 320, 'light'],
  ['survey-enps', 'pl', 320, 'dark'],
  ['goal-review', 'it', 600, 'light'],
  ['invite', 'ms', 320, 'light'],
];

const settings = readProgramme(join(root, 'programme'));
const writer = new Writer(
  await loadTemplates({ directory: join(root, 'programme/templates'), settings }),
  settings,
);
mkdirSync(folder, { recursive: true });
for (const [id, locale, width, scheme] of wanted) {
  const png = await pictureOf(chromium, writer.sample(id, locale).html, { width, scheme });
  const name = `${id}-${locale}-${width}-${scheme}.png`;
  writeFileSync(join(folder, name), png);
  console.log(`${name}: ${Math.ceil(png.length / 1024)} KB`);
}
