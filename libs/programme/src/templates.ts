import { z } from 'zod';
import { at, namesIn } from './files.js';
import { readPart } from './reading.js';
import type { Part, Reading } from './reading.js';

/** Folders of what templates share, which are no languages. */
const SHARED = ['partials', 'structures'];
/** Files every language has beside the words of templates. */
const LANGUAGE_FILES = ['answer', 'badges', 'common', 'pause', 'preferences', 'unsubscribe'];

const sampleSchema = z.looseObject({ structure: z.string().optional() });
const wordsSchema = z.looseObject({});

/** The ids of the templates; whether each has its structure, and words in every language of the programme, is checked. */
export function readTemplates(reading: Reading, locales: readonly string[]): Set<string> {
  const ids = namesIn(reading.files, 'templates/', '.sample.yaml');
  for (const id of ids) checkStructure(reading, id);
  const there = localesIn(reading);
  for (const locale of there) checkLanguage(reading, locale, ids);
  locales.forEach((locale, index) => checkSpoken(reading, locale, index === 0, there, ids));
  return new Set(ids);
}

function localesIn({ files }: Reading): string[] {
  const folders = Object.keys(files).flatMap((path) => /^templates\/([^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(folders)].filter((folder) => !SHARED.includes(folder)).sort();
}

function checkStructure(reading: Reading, id: string): void {
  const sample = readPart(reading, `templates/${id}.sample.yaml`, sampleSchema);
  if (!sample) return;
  const { structure } = sample.content;
  const base = structure === undefined ? `templates/${id}` : `templates/structures/${structure}`;
  for (const file of [`${base}.mjml`, `${base}.txt`]) if (!(file in reading.files)) missing(sample, file);
}

function missing(sample: Part<unknown>, file: string): void {
  sample.problem(['structure'], `there is no ${file}`, 'add it, or name a structure that exists');
}

function checkLanguage(reading: Reading, locale: string, ids: readonly string[]): void {
  const folder = `templates/${locale}/`;
  for (const name of LANGUAGE_FILES) readPart(reading, `${folder}${name}.yaml`, wordsSchema);
  for (const name of namesIn(reading.files, folder, '.yaml')) {
    if (LANGUAGE_FILES.includes(name)) continue;
    if (ids.includes(name)) readPart(reading, `${folder}${name}.yaml`, wordsSchema);
    else
      reading.problems.push(
        at(
          `${folder}${name}.yaml`,
          `there is no ${name}.sample.yaml for these words`,
          'add it, or rename this file',
        ),
      );
  }
}

// Who speaks a language without words gets those of the first; without the first, nobody gets any.
function checkSpoken(
  { files, problems, warnings }: Reading,
  locale: string,
  first: boolean,
  there: readonly string[],
  ids: readonly string[],
): void {
  // A programme that sends no mails needs no words for them.
  if (ids.length === 0) return;
  const into = first ? problems : warnings;
  if (!there.includes(locale))
    return void into.push(at(`templates/${locale}`, `the language ${locale} has no words`, 'add its folder'));
  for (const id of ids) {
    const file = `templates/${locale}/${id}.yaml`;
    if (!(file in files))
      into.push(
        at(
          file,
          `${id} has no words in ${locale}`,
          first ? 'add them' : 'add them, or people get the first language',
        ),
      );
  }
}
