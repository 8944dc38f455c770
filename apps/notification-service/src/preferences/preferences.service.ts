import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock, pageHeaders } from '#libs/platform';
import { Channels } from '../channels/channels.service.js';
import { Pacing } from '../pacing/pacing.service.js';
import { MailLinks } from '../pages/mail-links.js';
import { Programme } from '../programme/programme.js';
import { Recipients } from '../recipients/recipients.service.js';
import { Templates } from '../templates/templates.service.js';
import { chosenIn } from './preferences.form.js';
import type { PreferencesForm } from './preferences.form.js';
import { invalidPage, preferencesPage } from './preferences.page.js';

const PAUSE_DAYS = { pause30: 30, pause90: 90, resume: 0 };

/** Shows and changes what somebody chose, by a signed link. */
@Injectable()
export class Preferences {
  constructor(
    private readonly links: MailLinks,
    private readonly recipients: Recipients,
    private readonly templates: Templates,
    private readonly pacing: Pacing,
    private readonly channels: Channels,
    private readonly clock: Clock,
    private readonly programme: Programme,
  ) {}

  /** Changes nothing. */
  show(token: string, reply: FastifyReply): Promise<string> {
    return this.page(this.personOf(token), reply, false);
  }

  /** Does what the button says; doing it twice is doing it once. */
  async change(token: string, form: PreferencesForm, reply: FastifyReply): Promise<string> {
    const personId = this.personOf(token);
    if (personId !== null) await this.apply(personId, form);
    return this.page(personId, reply, true);
  }

  private apply(personId: string, form: PreferencesForm): Promise<void> {
    if (form.do === 'save')
      return this.recipients.setPreferences(
        personId,
        chosenIn(
          form,
          this.channels.personal().map(({ id }) => id),
        ),
      );
    if (form.do === 'leave' || form.do === 'return')
      return this.recipients.setSubscribed(personId, form.do === 'return');
    return this.recipients.setPaused(personId, PAUSE_DAYS[form.do]);
  }

  private personOf(token: string): string | null {
    const reading = this.links.read('preferences', token);
    return reading.ok ? reading.subject : null;
  }

  private async page(personId: string | null, reply: FastifyReply, saved: boolean): Promise<string> {
    const programme = this.programme.settings;
    const recipient = personId === null ? undefined : (await this.recipients.know([personId])).get(personId);
    const language = this.templates.language(recipient?.locale ?? programme.locales[0]!);
    void reply
      .status(recipient ? 200 : 404)
      .headers(pageHeaders)
      .type('text/html; charset=utf-8');
    if (!recipient) return invalidPage(language, programme);
    const rhythm = this.pacing.settings.digest.every;
    const channels = this.channels.personal();
    return preferencesPage({
      recipient,
      rhythm,
      language,
      channels,
      programme,
      now: this.clock.now(),
      saved,
    });
  }
}
