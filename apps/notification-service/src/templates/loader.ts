import { join } from 'node:path';
import type { ProgrammeSettings } from '#libs/contracts';
import { Engine } from './engine.js';
import { lookThrough } from './folder.js';
import type { Folder } from './folder.js';
import { helpersFor } from './helpers.js';
import { paletteOf } from './palette.js';
import { readPartials, readStructure, structuresOf } from './sources.js';
import type { Source, Structure } from './sources.js';
import { compileTemplate } from './template.js';
import type { Compiled, Speech, Template } from './template.js';
import { readLanguage, readTemplateWords } from './words.js';
import type { WordedLanguage } from './words.js';

/** All of `programme/templates`. */
export interface TemplateSet {
  templates: Map<string, Template>;
  languages: Map<string, WordedLanguage>;
  /** What MJML made of the structures; a second load of the same folder need not ask it again. */
  structures: Structure[];
  /** Text parts that structures share, by the name they are called by. */
  partials: Map<string, Source>;
}

/** What is to be loaded: a folder of templates, under the settings of its programme. */
export interface Loading {
  directory: string;
  settings: ProgrammeSettings;
  /** Of an earlier load of the same folder. */
  structures?: Structure[];
  /** Where what was compiled is kept for the next start; without it nowhere. */
  cacheDir?: string | undefined;
  /** A single template instead of all. */
  only?: string;
}

/** Loads and compiles templates in every language. Throws a ProgrammeError that names file and line of what is wrong. */
export async function loadTemplates({
  directory,
  settings: programme,
  ...rest
}: Loading): Promise<TemplateSet> {
  const folder = lookThrough(directory, programme.locales[0]!);
  const speeches = [...folder.wordsIn.keys()].map((locale) => speechOf(directory, locale, programme));
  const partials = readPartials(directory, folder.partials);
  const structures = rest.structures ?? (await structuresIn(folder, programme, rest.only));
  const templates = structures.map((structure) => ({
    id: structure.id,
    sample: structure.sample,
    byLocale: inEveryLanguage(structure, folder, speeches, partials),
  }));
  return {
    templates: new Map(templates.map((template) => [template.id, template])),
    languages: new Map(speeches.map(({ language }) => [language.locale, language])),
    structures,
    partials,
  };
}

async function structuresIn(
  { directory, ids }: Folder,
  { brand }: ProgrammeSettings,
  only: string | undefined,
): Promise<Structure[]> {
  const compile = structuresOf(directory, paletteOf(brand));
  const wanted = ids.filter((id) => only === undefined || id === only);
  const read = await Promise.allSettled(wanted.map((id) => readStructure(directory, id, compile)));
  return read.map((result) => {
    if (result.status === 'rejected') throw result.reason as Error;
    return result.value;
  });
}

function speechOf(directory: string, locale: string, programme: ProgrammeSettings): Speech {
  const language = readLanguage(directory, locale);
  const { formats, ordinals, badges } = language;
  const { currency } = programme.earned_media_value;
  const words = { ordinals, badges: badges.badges, otherBadge: badges.other, currency };
  return { language, engine: new Engine(helpersFor(formats, words)) };
}

/** A language may lack words of a template, except the fallback: there a missing file is a mistake. */
function inEveryLanguage(
  structure: Structure,
  { directory, fallback, wordsIn }: Folder,
  speeches: readonly Speech[],
  partials: ReadonlyMap<string, Source>,
): Map<string, Compiled> {
  const spoken = speeches.filter(
    ({ language: { locale } }) => locale === fallback || wordsIn.get(locale)!.includes(structure.id),
  );
  return new Map(
    spoken.map((speech) => {
      const { locale } = speech.language;
      const words = readTemplateWords(join(directory, locale, `${structure.id}.yaml`));
      return [locale, compileTemplate(structure, speech, words, partials)];
    }),
  );
}
