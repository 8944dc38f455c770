import { Injectable } from '@nestjs/common';
import type { InvitationPage } from '#libs/programme';
import { ProgrammeService } from '../programme/programme.service.js';

/** The words of the acceptance page; a further language is a further folder of `pages/`. */
@Injectable()
export class AcceptPageWords {
  constructor(private readonly programme: ProgrammeService) {}

  /** The words of a locale, of its language (`it-CH` → `it`), or of the programme's first language, which has every page. */
  of(locale: string): InvitationPage {
    const { pages, settings } = this.programme;
    return pages.get(locale) ?? pages.get(locale.split('-')[0]!) ?? pages.get(settings.locales[0]!)!;
  }
}
