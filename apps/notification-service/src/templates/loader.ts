import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FileProblem } from '../programme/file-problem.js';
import type { Programme } from '../programme/programme.js';
import { readText, readYaml } from '../programme/yaml-file.js';
import type { YamlFile } from '../programme/yaml-file.js';
import { Engine } from './engine.js';
import type { Context, Mode, Rendering } from './engine.js';
import { helpersFor } from './helpers.js';
import { paletteOf } from './palette.js';
import { compileStructure } from './structure.js';
import { compileWords, languageFiles, readLanguage, templateWordsSchema } from './words.js';
import type { Language } from './words.js';

const sampleSchema = z.strictObject({
  /** What an enriched delivery brings; previews and the check at start render it. */
  data: z.record(z.string(), z.unknown()),
  /** Values of keys that a workflow may leave out. */
  defaults: z.record(z.string(), z.unknown()).default({}),
});
type Sample = z.infer<typeof sampleSchema>;

/** One template in one language. */
export interface Compiled {
  locale: string;
  subject: (context: Context) => string;
  html: (context: Context) => string;
  text: (context: Context) => string;
}

/** A template in all its languages. */
export interface Template {
  id: string;
  sample: Sample;
  byLocale: Map<string, Compiled>;
}

/** All of `programme/templates`. */
export interface TemplateSet {
  templates: Map<string, Template>;
  languages: Map<string, Language>;
}

/** What a structure is made of, before any words. */
interface Structure {
  id: string;
  html: { file: string; source: string };
  text: { file: string; source: string };
  sample: Sample;
}

type Speech = { language: Language; engine: Engine };

/** Loads and compiles every template in every language. Throws a FileProblem at the first thing that is wrong. */
export async function loadTemplates(directory: string, programme: Programme): Promise<TemplateSet> {
  const names = await readdir(directory, { withFileTypes: true }).catch(() => {
    throw new FileProblem(directory, 1, 'this folder is missing; templates live there');
  });
  const locales = names
    .filter((entry) => entry.isDirectory() && entry.name !== 'partials')
    .map(({ name }) => name);
  const speeches = await Promise.all(locales.map((locale) => speechOf(directory, locale, programme)));
  refuseMissingFallback(directory, locales, programme);
  const ids = names.filter(({ name }) => name.endsWith('.mjml')).map(({ name }) => basename(name, '.mjml'));
  const partials = await readTextPartials(directory);
  const structures = await Promise.all(ids.map((id) => readStructure(directory, id, programme)));
  await refuseStrayWords(directory, locales, ids);
  const templates = await Promise.all(
    structures.map((structure) => compileTemplate(directory, structure, speeches, partials, programme)),
  );
  return {
    templates: new Map(templates.map((template) => [template.id, template])),
    languages: new Map(speeches.map(({ language }) => [language.locale, language])),
  };
}

async function speechOf(directory: string, locale: string, programme: Programme): Promise<Speech> {
  const language = await readLanguage(directory, locale);
  const { badges, other: otherBadge } = language.badges;
  const currency = programme.earned_media_value?.currency ?? 'EUR';
  return {
    language,
    engine: new Engine(
      helpersFor(language.formats, { ordinals: language.ordinals, badges, otherBadge, currency }),
    ),
  };
}

async function readTextPartials(
  directory: string,
): Promise<{ file: string; name: string; source: string }[]> {
  const files = (await readdir(join(directory, 'partials'))).filter((name) => name.endsWith('.txt'));
  return Promise.all(
    files.map(async (name) => {
      const file = join(directory, 'partials', name);
      return { file, name: `partials/${basename(name, '.txt')}`, source: await readText(file) };
    }),
  );
}

async function readStructure(directory: string, id: string, programme: Programme): Promise<Structure> {
  const [html, text] = [join(directory, `${id}.mjml`), join(directory, `${id}.txt`)];
  return {
    id,
    html: { file: html, source: await compileStructure(html, paletteOf(programme.brand)) },
    text: { file: text, source: await readText(text) },
    sample: (await readYaml(join(directory, `${id}.sample.yaml`), sampleSchema)).content,
  };
}

async function compileTemplate(
  directory: string,
  structure: Structure,
  speeches: readonly Speech[],
  partials: Awaited<ReturnType<typeof readTextPartials>>,
  programme: Programme,
): Promise<Template> {
  const byLocale = new Map<string, Compiled>();
  for (const speech of speeches) {
    const file = join(directory, speech.language.locale, `${structure.id}.yaml`);
    const required = speech.language.locale === programme.locales[0];
    const words = await readYaml(file, templateWordsSchema).catch((error: unknown) => {
      if (!required && error instanceof FileProblem && error.what.startsWith('this file is missing'))
        return null;
      throw error;
    });
    if (words) byLocale.set(speech.language.locale, compileOne(structure, speech, words, partials));
  }
  return { id: structure.id, sample: structure.sample, byLocale };
}

type Words = YamlFile<Record<string, string | string[]>>;

function compileOne(
  { html, text }: Structure,
  { engine, language }: Speech,
  words: Words,
  partials: Awaited<ReturnType<typeof readTextPartials>>,
): Compiled {
  const wordsIn = (mode: Mode): Record<string, Rendering> => ({
    ...compileWords(engine, language.shared, mode),
    ...compileWords(engine, words, mode),
  });
  const plain = wordsIn('text');
  for (const { file, name, source } of partials)
    plain[name] = engine.compile(source, 'text', { file, line: 1 });
  const rich = wordsIn('html');
  const structureOf = (mode: Mode, part: { file: string; source: string }): Rendering =>
    engine.compile(part.source, mode, { file: part.file, line: 1 });
  const [htmlPart, textPart] = [structureOf('html', html), structureOf('text', text)];
  return {
    locale: language.locale,
    subject: (context) => plain['subject']!(context, { partials: plain }).trim(),
    html: (context) => htmlPart(context, { partials: rich }),
    text: (context) => tidy(textPart(context, { partials: plain })),
  };
}

/** Blocks that do not apply leave empty lines behind. */
const tidy = (text: string): string =>
  `${text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;

function refuseMissingFallback(
  directory: string,
  locales: readonly string[],
  { locales: [fallback] }: Programme,
): void {
  if (locales.includes(fallback!)) return;
  throw new FileProblem(
    join(directory, fallback!),
    1,
    `the first locale of programme.yaml is "${fallback}", so this folder must exist`,
  );
}

async function refuseStrayWords(
  directory: string,
  locales: readonly string[],
  ids: readonly string[],
): Promise<void> {
  for (const locale of locales) {
    const names = (await readdir(join(directory, locale)))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => basename(name, '.yaml'));
    const stray = names.find((name) => !ids.includes(name) && !languageFiles.includes(name));
    if (stray)
      throw new FileProblem(
        join(directory, locale, `${stray}.yaml`),
        1,
        `there is no ${stray}.mjml for these words; add it, or rename this file`,
      );
  }
}
