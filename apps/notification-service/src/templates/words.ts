import { join } from 'node:path';
import { z } from 'zod';
import { readYaml, readYamlFile } from '#libs/platform';
import type { YamlFile } from '#libs/platform';
import { preferencesWordsSchema } from '../preferences/preferences.words.js';
import type { PreferencesWords } from '../preferences/preferences.words.js';
import type { Engine, Mode, Rendering } from './engine.js';

const word = z.union([z.string(), z.array(z.string()).min(1)], 'must be a text or a list of paragraphs');
const wordsSchema = z.record(z.string(), word);
const templateWordsSchema = z
  .looseObject({
    subject: z.string(),
    preview: z.string(),
    heading: z.string(),
    answers: z.record(z.string(), z.string()).optional(),
  })
  .catchall(word);

/** The words of one template; `answers` says what the answers of its question are called. */
export type TemplateWords = YamlFile<Words> & { answers: Record<string, string> };

/** Reads the words of one template in one language. */
export function readTemplateWords(file: string): TemplateWords {
  const { content, ...rest } = readYamlFile(file, templateWordsSchema);
  const { answers = {}, ...words } = content;
  return { ...rest, content: words as Words, answers };
}

/** Words every mail of a language shares. */
const commonSchema = z
  .looseObject({
    formats: z.string().optional(),
    colleague: z.string(),
    ordinals: z.record(z.string(), z.string()),
    answers: z.record(z.string(), z.string()),
  })
  .catchall(z.unknown());
const badge = z.strictObject({ name: z.string(), description: z.string(), mark: z.string().max(4) });
const badgesSchema = z.strictObject({
  badges: z.record(z.string(), badge),
  other: badge.omit({ name: true }),
});

const subscriptionPageSchema = z.strictObject({
  title: z.string(),
  question: z.string(),
  questionText: z.string(),
  confirm: z.string(),
  done: z.string(),
  doneText: z.string(),
  undo: z.string(),
  back: z.string(),
  backText: z.string(),
  invalid: z.string(),
  invalidText: z.string(),
});
/** Words of the pages on which mails are stopped or paused. */
export type PageWords = z.infer<typeof subscriptionPageSchema>;

const answerPageSchema = z.strictObject({
  title: z.string(),
  question: z.string(),
  questionText: z.string(),
  confirm: z.string(),
  others: z.string(),
  done: z.string(),
  doneText: z.string(),
  late: z.string(),
  lateText: z.string(),
  invalid: z.string(),
  invalidText: z.string(),
});
/** Words of the page on which an answer is confirmed. */
export type AnswerWords = z.infer<typeof answerPageSchema>;

/** Everything a language has beside the words of single templates. */
export interface Language {
  locale: string;
  /** BCP 47 tag by which numbers and dates are written: `en-GB` for an `en` that puts the day first. */
  formats: string;
  colleague: string;
  ordinals: Record<string, string>;
  badges: z.infer<typeof badgesSchema>;
  pages: { unsubscribe: PageWords; pause: PageWords; answer: AnswerWords; preferences: PreferencesWords };
  /** What answers are called where a template has no words of its own for them. */
  answers: Record<string, string>;
}

/** A language with the sources of its words. */
export interface WordedLanguage extends Language {
  /** Shared words that structures and other words call as partials. */
  shared: YamlFile<Words>;
}
/** Words by their keys; a list is paragraphs. */
export type Words = z.infer<typeof wordsSchema>;

/** Reads a language folder. Throws a ProgrammeError that names every wrong line of a file. */
export function readLanguage(directory: string, locale: string): WordedLanguage {
  const path = (name: string): string => join(directory, locale, name);
  const common = readYamlFile(path('common.yaml'), commonSchema);
  const { formats = locale, colleague, ordinals, answers, ...rest } = common.content;
  return {
    locale,
    formats,
    colleague,
    ordinals,
    answers,
    badges: readYaml(path('badges.yaml'), badgesSchema),
    pages: {
      unsubscribe: readYaml(path('unsubscribe.yaml'), subscriptionPageSchema),
      pause: readYaml(path('pause.yaml'), subscriptionPageSchema),
      answer: readYaml(path('answer.yaml'), answerPageSchema),
      preferences: readYaml(path('preferences.yaml'), preferencesWordsSchema),
    },
    shared: {
      ...common,
      content: wordsSchema.parse(rest),
    },
  };
}

/** Files of a language folder that are not words of a template. */
export const languageFiles = ['answer', 'badges', 'common', 'pause', 'preferences', 'unsubscribe'];

/** Compiles each word to a partial by its key. */
export function compileWords(engine: Engine, words: YamlFile<Words>, mode: Mode): Record<string, Rendering> {
  const entries = Object.entries(words.content).map(([key, value]) => [
    key,
    compileWord(engine, words, mode, key, value),
  ]);
  return Object.fromEntries(entries) as Record<string, Rendering>;
}

function compileWord(
  engine: Engine,
  { file, lineOf }: YamlFile<Words>,
  mode: Mode,
  key: string,
  value: string | string[],
): Rendering {
  if (typeof value === 'string') return engine.compileWords(value, mode, { file, line: lineOf([key]) });
  const parts = value.map((text, index) =>
    engine.compileWords(text, mode, { file, line: lineOf([key, index]) }),
  );
  return (context, options) =>
    join_[mode](parts.map((part) => part(context, options)).filter((text) => text.trim() !== ''));
}

/** A list is paragraphs; one that comes out empty (an `if` that does not hold) leaves no gap. */
const join_: Record<Mode, (paragraphs: string[]) => string> = {
  text: (paragraphs) => paragraphs.join('\n\n'),
  html: (paragraphs) =>
    paragraphs.map((text, index) => `<p style="margin:${index === 0 ? 0 : '14px'} 0 0">${text}</p>`).join(''),
};
