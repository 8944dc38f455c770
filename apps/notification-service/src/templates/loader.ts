import { join } from 'node:path';
import type { ProgrammeSettings } from '#libs/contracts';
import { Engine } from './engine.js';
import { lookThrough } from './folder.js';
import type { Folder } from './folder.js';
import { helpersFor } from './helpers.js';
import { paletteOf } from './palette.js';
import { readPartials, readStructure } from './sources.js';
import type { Source, Structure } from './sources.js';
import { compileTemplate } from './template.js';
import type { Compiled, Speech, Template } from './template.js';
import { readLanguage, readTemplateWords } from './words.js';
import type { Language } from './words.js';

/** All of `programme/templates`. */
export interface TemplateSet {
  templates: Map<string, Template>;
  languages: Map<string, Language>;
}

/** Loads and compiles every template in every language. Throws a ProgrammeError that names file and line of what is wrong. */
export async function loadTemplates(directory: string, programme: ProgrammeSettings): Promise<TemplateSet> {
  const folder = lookThrough(directory, programme.locales[0]!);
  const speeches = [...folder.wordsIn.keys()].map((locale) => speechOf(directory, locale, programme));
  const partials = readPartials(directory, folder.partials);
  const palette = paletteOf(programme.brand);
  const structures = await Promise.all(folder.ids.map((id) => readStructure(directory, id, palette)));
  const templates = structures.map((structure) => ({
    id: structure.id,
    sample: structure.sample,
    byLocale: inEveryLanguage(structure, folder, speeches, partials),
  }));
  return {
    templates: new Map(templates.map((template) => [template.id, template])),
    languages: new Map(speeches.map(({ language }) => [language.locale, language])),
  };
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
