import type { Context, Engine, Mode, Rendering } from './engine.js';
import type { Sample, Source, Structure } from './sources.js';
import { compileWords } from './words.js';
import type { WordedLanguage, TemplateWords } from './words.js';

/** One template in one language. */
export interface Compiled {
  locale: string;
  subject: (context: Context) => string;
  /** What an inbox shows beside the subject, and a digest below it. */
  preview: (context: Context) => string;
  html: (context: Context) => string;
  text: (context: Context) => string;
  /** What the answers of its question are called. */
  answers: Record<string, string>;
}

/** A template in all its languages. */
export interface Template {
  id: string;
  sample: Sample;
  byLocale: Map<string, Compiled>;
}

/** A language and the engine that writes its numbers and dates. */
export interface Speech {
  language: WordedLanguage;
  engine: Engine;
}

/** Puts the words of one language into a structure. Throws a ProgrammeError when either cannot be compiled. */
export function compileTemplate(
  { html, text }: Structure,
  { engine, language }: Speech,
  words: TemplateWords,
  partials: ReadonlyMap<string, Source>,
): Compiled {
  const compile = (mode: Mode, { file, source }: Source): Rendering =>
    engine.compile(source, mode, { file, line: 1 });
  const wordsIn = (mode: Mode): Record<string, Rendering> => ({
    ...compileWords(engine, language.shared, mode),
    ...compileWords(engine, words, mode),
  });
  const rich = wordsIn('html');
  const plain = wordsIn('text');
  for (const [name, source] of partials) plain[name] = compile('text', source);
  const [htmlPart, textPart] = [compile('html', html), compile('text', text)];
  return {
    locale: language.locale,
    answers: words.answers,
    subject: (context) => plain['subject']!(context, { partials: plain }).trim(),
    preview: (context) => plain['preview']!(context, { partials: plain }).trim(),
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
