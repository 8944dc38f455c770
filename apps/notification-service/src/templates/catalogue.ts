import type { Template } from './template.js';
import type { Sample } from './sources.js';
import type { Language, WordedLanguage } from './words.js';

/** What is known of a template without writing with it. */
export interface Entry {
  id: string;
  sample: Sample;
  locales: string[];
  /** Subjects of the mails with sample data, by locale. */
  subjects: Record<string, string>;
  /** What the answers of its question are called, by locale. */
  answers: Record<string, Record<string, string>>;
}

/** Everything about templates that the process knows beside the threads that write with them; plain data. */
export interface Catalogue {
  entries: Map<string, Entry>;
  languages: Map<string, Language>;
}

/** A language without the sources of its words, which cannot travel between threads. */
export function spokenOf({
  locale,
  formats,
  colleague,
  ordinals,
  badges,
  pages,
  answers,
}: WordedLanguage): Language {
  return { locale, formats, colleague, ordinals, badges, pages, answers };
}

/** Describes a template; `subjectIn` writes its sample. */
export function entryOf({ id, sample, byLocale }: Template, subjectIn: (locale: string) => string): Entry {
  const locales = [...byLocale.keys()].toSorted();
  return {
    id,
    sample,
    locales,
    subjects: Object.fromEntries(locales.map((locale) => [locale, subjectIn(locale)])),
    answers: Object.fromEntries(locales.map((locale) => [locale, byLocale.get(locale)!.answers])),
  };
}

/** What an answer is called: by the template, else by the language, else as it is written in the workflow. */
export function answerLabel(
  own: Record<string, string>,
  { answers }: Pick<Language, 'answers'>,
  value: string,
): string {
  return [own, answers].find((words) => Object.hasOwn(words, value))?.[value] ?? value;
}

/** What stands for the locale, else for its language, else for the first of the programme: `it-CH` → it → en. */
export function nearest<T>(
  byLocale: ReadonlyMap<string, T>,
  locale: string,
  fallback: string,
): T | undefined {
  return byLocale.get(locale) ?? byLocale.get(baseOf(locale)) ?? byLocale.get(fallback);
}

export const baseOf = (locale: string): string => locale.split('-')[0]!;
