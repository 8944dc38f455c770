import type { Context, Engine, Mode, Rendering } from './engine.js';
import type { Sample, Source, Structure } from './sources.js';
import { compileWords } from './words.js';
import type { WordedLanguage, TemplateWords } from './words.js';

/** What is written: a mail, a message to a person, or a post that many read. */
export type Form = 'mail' | 'message' | 'post';

/** A message for a channel, in plain text. */
export interface MessageWords {
  title: string;
  paragraphs: string[];
  button: { label: string; url: string } | null;
}

/** One template in one language. */
export interface Compiled {
  locale: string;
  subject: (context: Context) => string;
  /** What an inbox shows beside the subject, and a digest below it. */
  preview: (context: Context) => string;
  html: (context: Context) => string;
  text: (context: Context) => string;
  /** For a channel: no footer, no signature, the button by itself; a post greets nobody. */
  message: (context: Context, form: Form) => MessageWords;
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
  const said = (name: string, context: Context): string => plain[name]!(context, { partials: plain }).trim();
  return {
    locale: language.locale,
    answers: words.answers,
    subject: (context) => said('subject', context),
    preview: (context) => said('preview', context),
    html: (context) => htmlPart(context, { partials: rich }),
    text: (context) => tidy(textPart(context, { partials: plain })),
    message: (context, form) => {
      const url = context['buttonUrl'];
      const partials = { ...plain, ...UNSAID, ...(form === 'post' && { greeting: nothing }) };
      return {
        title: said('subject', context),
        paragraphs: paragraphsOf(tidy(textPart({ ...context, buttonUrl: '' }, { partials }))),
        button: typeof url === 'string' && url ? { label: said('button', context), url } : null,
      };
    },
  };
}

/** Blocks that do not apply leave empty lines behind. */
const tidy = (text: string): string =>
  `${text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;

/** Items of a list are one paragraph. */
const paragraphsOf = (text: string): string[] =>
  text
    .replaceAll(/(^|\n)(- [^\n]*)\n+(?=- )/g, '$1$2\n')
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const nothing: Rendering = () => '';
/** What a channel shows in its own way, or not at all. */
const UNSAID = { heading: nothing, signoff: nothing, 'partials/footer': nothing };
