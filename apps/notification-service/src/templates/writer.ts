import type { MailTopic, ProgrammeSettings } from '#libs/contracts';
import { DomainError, notFound } from '#libs/platform';
import type { MailFrame } from '../channels/mail.js';
import { answerLabel, baseOf, entryOf, nearest, spokenOf } from './catalogue.js';
import type { Catalogue } from './catalogue.js';
import type { Context } from './engine.js';
import type { TemplateSet } from './loader.js';
import type { Compiled, Form, MessageWords, Template } from './template.js';
import type { WordedLanguage } from './words.js';

/** A mail in words, ready to be addressed. */
export interface Letter {
  locale: string;
  subject: string;
  /** What an inbox shows beside the subject. */
  preview: string;
  html: string;
  text: string;
  /** Of an order with a frame: the whole mail; its HTML and text are empty. */
  raw?: Uint8Array;
  /** Of an order for a channel; its HTML and text are empty. */
  message?: MessageWords;
}

/** Who a letter is written to, as far as its words need to know. */
export interface Addressee {
  name: string;
  locale: string;
  /** Without it the zone of the programme. */
  zone?: string;
}

/** The links every mail may show. */
export interface MailFrameLinks {
  unsubscribeUrl: string;
  /** A month without mails. */
  pauseUrl: string;
  /** Choosing which mails to get. */
  preferencesUrl: string;
}

/** What one letter is written of. */
export interface Order {
  id: string;
  to: Addressee;
  data: Context;
  links: MailFrameLinks;
  /** A mail, unless told. */
  form?: Form;
  /** With it the mail is put together as well, where the letter is written. */
  frame?: MailFrame;
}

export const sampleLinks: MailFrameLinks = {
  unsubscribeUrl: 'https://voices.example/unsubscribe',
  pauseUrl: 'https://voices.example/pause',
  preferencesUrl: 'https://voices.example/preferences',
};

/** What the HTML or the text of a mail may weigh, in characters. */
const MAX_OUTPUT = 1024 * 1024;

/** Writes letters with compiled templates. */
export class Writer {
  constructor(
    private readonly set: TemplateSet,
    private readonly settings: ProgrammeSettings,
  ) {}

  /** Writes in the addressee's language. Throws a ProgrammeError when the data lacks what the words need. */
  write(order: Order): Letter {
    const { compiled, context } = this.contextOf(order);
    const { form = 'mail' } = order;
    const head = {
      locale: compiled.locale,
      subject: compiled.subject(context),
      preview: compiled.preview(context),
    };
    if (form !== 'mail') return { ...head, html: '', text: '', message: compiled.message(context, form) };
    return withinBounds({ ...head, html: compiled.html(context), text: compiled.text(context) });
  }

  /** The words an order is written with, and everything they may read. */
  contextOf({ id, to, data, links }: Order): { compiled: Compiled; context: Context } {
    const template = this.get(id);
    const compiled = this.compiledFor(template, to.locale);
    const { button, defaults, topic } = template.sample;
    const known = { ...withDefaults(data, defaults), ...this.frame(to, compiled.locale, topic), ...links };
    const context = { ...known, buttonUrl: button === undefined ? '' : (known as Context)[button] };
    return { compiled, context };
  }

  /** The letter as it looks with the sample data beside the template. */
  sample(id: string, locale: string): Letter {
    return this.write(this.sampleOrder(id, locale));
  }

  /** The order that the sample data makes. */
  sampleOrder(id: string, locale: string): Order {
    const to = { name: sampleNames[baseOf(locale)] ?? sampleNames['en']!, locale };
    const { data } = this.get(id).sample;
    const answers: unknown = data['answers'];
    if (!Array.isArray(answers)) return { id, to, data, links: sampleLinks };
    const named = (answers as { value: string }[]).map((answer) => ({
      ...answer,
      label: this.labelOf(id, locale, answer.value),
    }));
    return { id, to, data: { ...data, answers: named }, links: sampleLinks };
  }

  /** Writes every sample in every language, and tells what there is. Throws a ProgrammeError for one that cannot be written. */
  catalogue(): Catalogue {
    const entries = [...this.set.templates.values()].map((template) =>
      entryOf(template, (locale) => this.sample(template.id, locale).subject),
    );
    return {
      entries: new Map(entries.map((entry) => [entry.id, entry])),
      languages: new Map([...this.set.languages].map(([locale, language]) => [locale, spokenOf(language)])),
    };
  }

  private labelOf(id: string, locale: string, value: string): string {
    return answerLabel(this.compiledFor(this.get(id), locale).answers, this.language(locale), value);
  }

  private language(locale: string): WordedLanguage {
    return nearest(this.set.languages, locale, this.settings.locales[0]!)!;
  }

  private get(id: string): Template {
    const template = this.set.templates.get(id);
    if (!template) throw notFound('template', id);
    return template;
  }

  private compiledFor(template: Template, locale: string): Compiled {
    const compiled = nearest(template.byLocale, locale, this.settings.locales[0]!);
    if (!compiled)
      throw new DomainError('template_wordless', 500, `"${template.id}" has no words in any language.`);
    return compiled;
  }

  /** What every template may count on; data cannot replace it. */
  private frame(to: Addressee, locale: string, topic: MailTopic): Context {
    const { name, company, zone } = this.settings;
    return {
      recipient: { name: to.name, firstName: to.name.split(' ')[0], zone: to.zone ?? zone },
      programme: { name, company },
      locale,
      about: this.language(locale).pages.preferences.topics[topic],
    };
  }
}

function withinBounds(letter: Letter): Letter {
  for (const part of ['html', 'text'] as const)
    if (letter[part].length > MAX_OUTPUT)
      throw new DomainError(
        'letter_too_long',
        422,
        `The ${part} of the mail comes to more than 1 MB; no mail server takes that gladly.`,
      );
  return letter;
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

const sampleNames: Record<string, string> = {
  en: 'Grace Okafor',
  it: 'Giulia Ferrari',
  pl: 'Marta Nowak',
  ms: 'Nurul Aisyah',
};
