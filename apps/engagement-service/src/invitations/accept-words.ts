import { existsSync, readdirSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { readYaml } from '#libs/platform';
import { ProgrammeService } from '../programme/programme.service.js';

const text = z.string().min(1);

/** `programme/pages/<language>/invitation.yaml`: what the acceptance page says. */
const wordsSchema = z.strictObject({
  hello: text,
  intro: text,
  voluntary: text,
  button: text,
  done: text,
  done_text: text,
  invalid: text,
  invalid_text: text,
  expired: text,
  expired_text: text,
});
export type AcceptWords = z.infer<typeof wordsSchema>;

/** The words of the acceptance page, read once at start; a further language is a further folder. */
@Injectable()
export class AcceptPageWords {
  private readonly words: ReadonlyMap<string, AcceptWords>;
  private readonly fallback: AcceptWords;

  constructor(programme: ProgrammeService) {
    this.words = new Map(readAll(programme));
    const first = programme.settings.locales[0]!;
    const words = this.words.get(first);
    if (!words)
      throw new Error(
        `${programme.path('pages', first, 'invitation.yaml')} is missing: the first language must have every page.`,
      );
    this.fallback = words;
  }

  /** The words of a locale, of its language (`it-CH` → `it`), or of the programme's first language. */
  of(locale: string): AcceptWords {
    return this.words.get(locale) ?? this.words.get(locale.split('-')[0]!) ?? this.fallback;
  }
}

function readAll(programme: ProgrammeService): [string, AcceptWords][] {
  const folder = programme.path('pages');
  const locales = existsSync(folder) ? readdirSync(folder) : [];
  return locales.flatMap((locale): [string, AcceptWords][] => {
    const file = programme.path('pages', locale, 'invitation.yaml');
    return existsSync(file) ? [[locale, readYaml(file, wordsSchema)]] : [];
  });
}
