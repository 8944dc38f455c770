import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ProgrammeError, readText } from '#libs/platform';
import type { YamlFile } from '#libs/platform';
import { parse } from '../engine.js';
import { loadTemplates } from '../loader.js';
import type { Loading, TemplateSet } from '../loader.js';
import type { Source, Structure } from '../sources.js';
import type { Look } from '../thread.messages.js';
import { readTemplateWords } from '../words.js';
import type { Words } from '../words.js';
import { Writer } from '../writer.js';
import { finder } from './finding.js';
import type { Finding } from './finding.js';
import { lintLetter } from './letter.js';
import { shapeOf } from './shapes.js';
import type { Shape } from './shapes.js';
import { lintStyles } from './styles.js';
import { Variables } from './variables.js';
import type { Parsed } from './variables.js';

const [error, warning] = [finder('error'), finder('warning')];

/** Looks at one template in all its languages: everything that is wrong with it, and its sample mail if it could be written. */
export async function look(ask: Loading & { only: string; locale?: string | undefined }): Promise<Look> {
  const { directory } = ask;
  const inFolder = (findings: Finding[]): Finding[] =>
    findings.map((finding) => ({ ...finding, file: relative(directory, finding.file) }));
  try {
    const set = await loadTemplates(ask);
    const writer = new Writer(set, ask.settings);
    const structure = set.structures[0]!;
    const sources = sourcesOf(ask, structure);
    const findings = [
      ...missingLocales(ask),
      ...sources.flatMap(({ file, source }) => lintStyles(file, source)),
      ...spokenLocales(set, ask.only).flatMap((locale) => lintIn(ask, set, writer, locale)),
    ].map((finding) => inSources(finding, structure.html.file, sources));
    const letter = written(() => writer.sample(ask.only, ask.locale ?? ask.settings.locales[0]!));
    return { findings: inFolder(distinct(findings)), letter: 'letter' in letter ? letter.letter : null };
  } catch (mistake) {
    return { findings: inFolder(mistakes(mistake)), letter: null };
  }
}

const distinct = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values(),
];

const spokenLocales = (set: TemplateSet, id: string): string[] => [...set.templates.get(id)!.byLocale.keys()];

function mistakes(thrown: unknown): Finding[] {
  if (!(thrown instanceof ProgrammeError)) throw thrown;
  return thrown.problems.map(({ file, line, message }) => error('source_wrong', file, line, message));
}

function written(
  write: () => ReturnType<Writer['sample']>,
): { letter: ReturnType<Writer['sample']> } | { thrown: unknown } {
  try {
    return { letter: write() };
  } catch (thrown) {
    return { thrown };
  }
}

function missingLocales({ directory, settings, only }: Loading & { only: string }): Finding[] {
  return settings.locales
    .map((locale) => ({ locale, file: join(directory, locale, `${only}.yaml`) }))
    .filter(({ file }) => !existsSync(file))
    .map(({ locale, file }) =>
      warning(
        'locale_missing',
        file,
        1,
        `there are no words in ${locale}; its people get ${settings.locales[0]}`,
      ),
    );
}

/** The MJML of a structure and of every part it includes. */
function sourcesOf({ directory }: Loading, { html }: Structure): Source[] {
  const seen = new Set([html.file]);
  for (const file of seen)
    for (const [, path] of readText(file).matchAll(/<mj-include\b[^>]*?\bpath\s*=\s*["']([^"']*)["']/g))
      seen.add(join(directory, path!));
  return [...seen].map((file) => ({ file, source: readText(file) }));
}

function lintIn(
  { directory, only }: Loading & { only: string },
  set: TemplateSet,
  writer: Writer,
  locale: string,
): Finding[] {
  const words = readTemplateWords(join(directory, locale, `${only}.yaml`));
  const structure = set.structures[0]!;
  const findings = variablesIn(set, structure, words, writer, locale);
  const result = written(() => writer.sample(only, locale));
  if ('thrown' in result) return [...findings, ...(findings.length > 0 ? [] : mistakes(result.thrown))];
  const lineOf = (key: string): number => words.lineOf([key]);
  const files = { words: words.file, lineOf, structure: structure.html.file };
  return [...findings, ...lintLetter(result.letter, files)];
}

function variablesIn(
  set: TemplateSet,
  { id, html, text, sample }: Structure,
  words: YamlFile<Words>,
  writer: Writer,
  locale: string,
): Finding[] {
  const partials = new Map<string, Parsed[]>([
    ...parsedWords(set.languages.get(locale)!.shared),
    ...parsedWords(words),
    ...[...set.partials].map(([name, source]) => [name, [parsed(source)]] as [string, Parsed[]]),
  ]);
  const variables = new Variables(partials);
  const { context } = writer.contextOf(writer.sampleOrder(id, locale));
  const scopes = [shapeOfContext(context, sample.button)];
  for (const source of [html, text]) variables.follow([parsed(source)], scopes);
  return variables.found();
}

/** A template without a button never shows one, whatever its structure could. */
function shapeOfContext(context: Record<string, unknown>, button: string | undefined): Shape {
  const fields = Object.fromEntries(Object.entries(context).map(([key, value]) => [key, shapeOf(value)]));
  if (button === undefined) fields['buttonUrl'] = { kind: 'absent' };
  return { kind: 'fields', fields };
}

const parsed = ({ file, source }: Source, line = 1): Parsed => ({
  origin: { file, line },
  program: parse(source, { file, line }),
});

/** A list of paragraphs is one partial of several sources; each keeps its line. */
function parsedWords({ file, content, lineOf }: YamlFile<Words>): [string, Parsed[]][] {
  return Object.entries(content).map(([key, value]) => {
    if (typeof value === 'string') return [key, [parsed({ file, source: value.trim() }, lineOf([key]))]];
    const parts = value.map((text, index) => parsed({ file, source: text.trim() }, lineOf([key, index])));
    return [key, parts];
  });
}

/** MJML moves everything to other lines; what was found in its HTML is looked for in the sources again. */
function inSources(finding: Finding, html: string, sources: readonly Source[]): Finding {
  const name = /^"([^"]+)"/.exec(finding.message)?.[1];
  if (finding.file !== html || name === undefined) return finding;
  for (const { file, source } of sources) {
    const index = source.split('\n').findIndex((text) => text.includes('{{') && text.includes(name));
    if (index >= 0) return { ...finding, file, line: index + 1 };
  }
  return finding;
}
