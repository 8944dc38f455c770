import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { ProgrammeSettings } from '#libs/contracts';
import { DomainError, notFound } from '#libs/platform';
import { Programme } from '../programme/programme.js';
import type { Context } from './engine.js';
import { loadTemplates } from './loader.js';
import type { TemplateSet } from './loader.js';
import type { Compiled, Template } from './template.js';
import type { Language } from './words.js';

/** A mail in words, ready to be addressed. */
export interface Letter {
  locale: string;
  subject: string;
  html: string;
  text: string;
}

/** Who a letter is written to, as far as its words need to know. */
export interface Addressee {
  name: string;
  locale: string;
}

/** The links every mail may show. */
export interface MailFrameLinks {
  unsubscribeUrl: string;
  /** A month without mails. */
  pauseUrl: string;
}

const sampleLinks: MailFrameLinks = {
  unsubscribeUrl: 'https://voices.example/unsubscribe',
  pauseUrl: 'https://voices.example/pause',
};

/** All templates in all languages, compiled once. */
@Injectable()
export class Templates implements OnModuleInit {
  private set!: TemplateSet;

  constructor(private readonly programme: Programme) {}

  /** Refuses to start on a template that is wrong, rather than to find out with a mail. */
  async onModuleInit(): Promise<void> {
    await this.load(this.programme.directory, this.programme.settings);
  }

  /** Takes the templates of a folder, once all of them could be compiled and rendered; until then, and after a mistake, the old ones stay. */
  async load(directory: string, settings: ProgrammeSettings): Promise<void> {
    const before = this.set as TemplateSet | undefined;
    const next = await loadTemplates(join(directory, 'templates'), settings);
    this.set = next;
    try {
      for (const { id, byLocale } of next.templates.values())
        for (const locale of byLocale.keys()) this.sample(id, locale);
    } catch (error) {
      if (before) this.set = before;
      throw error;
    }
  }

  has(id: string): boolean {
    return this.set.templates.has(id);
  }

  /** Renders a template in the addressee's language. Throws a ProgrammeError when the data lacks what the words need. */
  write(id: string, to: Addressee, data: Context, links: MailFrameLinks): Letter {
    const template = this.get(id);
    const compiled = this.compiledFor(template, to.locale);
    const { button, defaults } = template.sample;
    const known = {
      ...withDefaults(data, defaults),
      ...this.frame(to, compiled.locale),
      ...links,
    };
    const context = { ...known, buttonUrl: button === undefined ? '' : (known as Context)[button] };
    const { locale } = compiled;
    return {
      locale,
      subject: compiled.subject(context),
      html: compiled.html(context),
      text: compiled.text(context),
    };
  }

  /** The letter as it looks with the sample data beside the template. */
  sample(id: string, locale: string): Letter {
    const to = { name: sampleNames[baseOf(locale)] ?? sampleNames['en']!, locale };
    const { data } = this.get(id).sample;
    const answers: unknown = data['answers'];
    if (!Array.isArray(answers)) return this.write(id, to, data, sampleLinks);
    const named = (answers as { value: string }[]).map((answer) => ({
      ...answer,
      label: this.answerLabel(id, locale, answer.value),
    }));
    return this.write(id, to, { ...data, answers: named }, sampleLinks);
  }

  list(): { id: string; locales: string[]; subjects: Record<string, string> }[] {
    return [...this.set.templates.values()].map(({ id, byLocale }) => {
      const locales = [...byLocale.keys()].toSorted();
      return {
        id,
        locales,
        subjects: Object.fromEntries(locales.map((locale) => [locale, this.sample(id, locale).subject])),
      };
    });
  }

  /** The words of the nearest language there is: `it-CH` → it → the first of the programme. */
  language(locale: string): Language {
    return nearest(this.set.languages, locale, this.programme.settings.locales[0]!)!;
  }

  /** What an answer is called: by the template, else by the language, else as it is written in the workflow. */
  answerLabel(id: string, locale: string, value: string): string {
    const own = this.compiledFor(this.get(id), locale).answers;
    const shared = this.language(locale).answers;
    return [own, shared].find((words) => Object.hasOwn(words, value))?.[value] ?? value;
  }

  private get(id: string): Template {
    const template = this.set.templates.get(id);
    if (!template) throw notFound('template', id);
    return template;
  }

  private compiledFor(template: Template, locale: string): Compiled {
    const compiled = nearest(template.byLocale, locale, this.programme.settings.locales[0]!);
    if (!compiled)
      throw new DomainError('template_wordless', 500, `"${template.id}" has no words in any language.`);
    return compiled;
  }

  /** What every template may count on; data cannot replace it. */
  private frame(to: Addressee, locale: string): Context {
    const { name, company } = this.programme.settings;
    return {
      recipient: { name: to.name, firstName: to.name.split(' ')[0] },
      programme: { name, company },
      locale,
    };
  }
}

/** Data over defaults, object by object: `impact: { currency }` fills what a given impact leaves out. */
function withDefaults(data: Context, defaults: Context): Context {
  const merged: Context = { ...defaults, ...data };
  for (const [key, value] of Object.entries(data)) {
    if (isRecord(value) && isRecord(defaults[key])) merged[key] = withDefaults(value, defaults[key]);
  }
  return merged;
}

const isRecord = (value: unknown): value is Context =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const baseOf = (locale: string): string => locale.split('-')[0]!;

function nearest<T>(byLocale: ReadonlyMap<string, T>, locale: string, fallback: string): T | undefined {
  return byLocale.get(locale) ?? byLocale.get(baseOf(locale)) ?? byLocale.get(fallback);
}

const sampleNames: Record<string, string> = {
  en: 'Grace Okafor',
  it: 'Giulia Ferrari',
  pl: 'Marta Nowak',
  ms: 'Nurul Aisyah',
};
