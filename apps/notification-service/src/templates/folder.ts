import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ProgrammeError } from '#libs/platform';
import { languageFiles } from './words.js';

/** What stands in `programme/templates`. */
export interface Folder {
  directory: string;
  /** The language of who speaks none of the others. */
  fallback: string;
  /** Ids of the templates. */
  ids: string[];
  /** The templates that have words, by language. */
  wordsIn: Map<string, string[]>;
  /** Names of the text parts that structures share. */
  partials: string[];
}

/** What one file of a template may weigh, in bytes. */
export const MAX_SOURCE = 256 * 1024;

/** Folders of what templates share, which are no languages. */
const shared = ['partials', 'structures'];

/** Looks through the folder. Throws a ProgrammeError when the fallback language is missing or words belong to no template. */
export function lookThrough(directory: string, fallback: string): Folder {
  const entries = listed(directory);
  const locales = entries
    .filter((entry) => entry.isDirectory() && !shared.includes(entry.name))
    .map(({ name }) => name);
  for (const name of [...shared, ...locales]) refuseLarge(join(directory, name));
  refuseLarge(directory);
  refuseUnspoken(directory, locales);
  if (!locales.includes(fallback))
    throw ProgrammeError.at(
      join(directory, fallback),
      1,
      `the first locale of programme.yaml is "${fallback}", so this folder must exist`,
    );
  const ids = namesOf(
    entries.map(({ name }) => name),
    '.sample.yaml',
  );
  const wordsIn = new Map(locales.map((locale) => [locale, namesIn(join(directory, locale), '.yaml')]));
  refuseStrayWords(directory, ids, wordsIn);
  return { directory, fallback, ids, wordsIn, partials: namesIn(join(directory, 'partials'), '.txt') };
}

function refuseLarge(directory: string): void {
  if (!existsSync(directory)) return;
  const large = listed(directory)
    .filter((entry) => entry.isFile() && statSync(join(directory, entry.name)).size > MAX_SOURCE)
    .map(({ name }) => ({
      file: join(directory, name),
      line: 1,
      message: 'is over 256 KB, the most a file of a template may have',
    }));
  if (large.length > 0) throw new ProgrammeError(large);
}

function refuseUnspoken(directory: string, locales: readonly string[]): void {
  const unspoken = locales.filter((locale) => !isLanguage(locale));
  if (unspoken.length > 0)
    throw new ProgrammeError(
      unspoken.map((locale) => ({
        file: join(directory, locale),
        line: 1,
        message: `"${locale}" is no language; a folder is named as in BCP 47, such as it or pt-BR`,
      })),
    );
}

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** Whether a tag of BCP 47 names a language that exists. */
export function isLanguage(tag: string): boolean {
  try {
    return languageNames.of(new Intl.Locale(tag).language) !== undefined;
  } catch {
    // Not even a tag.
    return false;
  }
}

function listed(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'this folder is missing; templates live there' : message;
    throw ProgrammeError.at(directory, 1, what);
  }
}

const namesIn = (directory: string, ending: string): string[] =>
  namesOf(
    listed(directory).map(({ name }) => name),
    ending,
  );

const namesOf = (files: readonly string[], ending: string): string[] =>
  files.filter((name) => name.endsWith(ending)).map((name) => basename(name, ending));

function refuseStrayWords(
  directory: string,
  ids: readonly string[],
  wordsIn: ReadonlyMap<string, string[]>,
): void {
  const known = new Set([...ids, ...languageFiles]);
  const strays = [...wordsIn].flatMap(([locale, names]) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => ({
        file: join(directory, locale, `${name}.yaml`),
        line: 1,
        message: `there is no ${name}.sample.yaml for these words; add it, or rename this file`,
      })),
  );
  if (strays.length > 0) throw new ProgrammeError(strays);
}
