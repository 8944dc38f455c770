import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { MailLinks } from '../pages/mail-links.js';
import { page } from '../pages/page.js';
import { Programme } from '../programme/programme.js';
import { Templates } from '../templates/templates.service.js';
import { findClaimed } from './claims.query.js';
import { isPersonal } from './delivery.js';
import { Letters } from './letters.js';
import { Writing } from './writing.js';

/** Writes a message anew for whoever opens its line of a digest. */
@Injectable()
export class LetterPages {
  constructor(
    private readonly database: DataSource,
    private readonly links: MailLinks,
    private readonly letters: Letters,
    private readonly writing: Writing,
    private readonly templates: Templates,
    private readonly programme: Programme,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The letter of a link; a kind page with 404 when the link is none of ours or the letter is gone. */
  async read(token: string): Promise<{ status: number; html: string }> {
    const reading = this.links.read('letters', token);
    const html = reading.ok ? await this.letter(reading.subject) : null;
    return html === null ? { status: 404, html: this.gone() } : { status: 200, html };
  }

  private async letter(deliveryId: string): Promise<string | null> {
    const delivery = await findClaimed(this.database.manager, deliveryId);
    if (!delivery || !isPersonal(delivery)) return null;
    const knowledge = await this.letters.know([delivery]);
    if (!knowledge.people.has(delivery.personId)) return null;
    try {
      return (await this.writing.letterOf(delivery, knowledge)).html;
    } catch (error) {
      this.logger.warn({ err: error, deliveryId }, 'a letter cannot be shown any more');
      return null;
    }
  }

  private gone(): string {
    const { settings } = this.programme;
    const { locale, pages } = this.templates.language(settings.locales[0]!);
    const { title, gone, goneText } = pages.preferences;
    return page({ locale, title, heading: gone, text: goneText }, settings);
  }
}
