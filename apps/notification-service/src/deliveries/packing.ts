import { Injectable } from '@nestjs/common';
import { Clock, stableId } from '#libs/platform';
import { invitationFor } from '../channels/calendar.js';
import { Channels } from '../channels/channels.service.js';
import type { Dispatch } from '../channels/channels.service.js';
import { frameOf, inFrame } from '../channels/mail.js';
import type { MailFrame } from '../channels/mail.js';
import { MailLinks } from '../pages/mail-links.js';
import { Programme } from '../programme/programme.js';
import { channelIn } from '../recipients/recipients.query.js';
import type { Recipient } from '../recipients/recipients.query.js';
import { Templates } from '../templates/templates.service.js';
import type { VersionedLetter as Letter } from '../templates/templates.service.js';
import type { ClaimedDelivery } from './delivery.js';
import { DIGEST } from './letter-orders.js';
import type { Lettered } from './letter-orders.js';

/** How a letter leaves: in the frame of a mail, or by the channel its reader has chosen. */
@Injectable()
export class Packing {
  constructor(
    private readonly templates: Templates,
    private readonly mailLinks: MailLinks,
    private readonly channels: Channels,
    private readonly clock: Clock,
    private readonly programme: Programme,
  ) {}

  /** Throws a MailRefused when it cannot be addressed. */
  dispatchOf(items: readonly Lettered[], letter: Letter): Dispatch {
    const { to, delivery } = items[0]!;
    const { settings } = this.programme;
    const date = this.clock.now();
    const channel = this.chosen([delivery], to);
    if (channel !== null && letter.message) {
      const { id, template } = delivery;
      const preferences = {
        label: this.templates.language(to.locale).pages.preferences.title,
        url: this.mailLinks.urlFor('preferences', to.personId),
      };
      const { personId, name, email } = to;
      const head = { id, template, locale: letter.locale, programme: settings.name, at: date };
      return { channel, message: { ...head, ...letter.message, to: { personId, name, email, preferences } } };
    }
    const frame = this.frameFor(items);
    // One that was to share its mail with others that could not be written has not been put together yet.
    const mail = letter.raw ? { ...frame, raw: letter.raw } : inFrame(frame, letter);
    return { channel: null, mail };
  }

  /** The head of the mail that carries these; throws a MailRefused. */
  frameFor(items: readonly Pick<Lettered, 'delivery' | 'to'>[]): MailFrame {
    const { to, delivery } = items[0]!;
    const { settings } = this.programme;
    const date = this.clock.now();
    const { calendar } = delivery;
    return frameOf({
      delivery: headOf(items.map((item) => item.delivery)),
      to,
      unsubscribeUrl: this.mailLinks.urlFor('unsubscribe', to.personId),
      programme: settings,
      date,
      invitation: calendar ? invitationFor(calendar, to, settings.sender, date) : undefined,
    });
  }

  /** The channel that somebody has chosen for what a single delivery is about; a question and a calendar entry need a mail. */
  chosen(group: readonly ClaimedDelivery[], to: Recipient): string | null {
    const [delivery, ...others] = group;
    if (others.length > 0 || delivery!.answers || delivery!.calendar) return null;
    const choice = to.topics[this.templates.mannerOf(delivery!.template).topic];
    const id = choice === undefined ? null : channelIn(choice);
    return id !== null && this.channels.personal().some((channel) => channel.id === id) ? id : null;
  }
}

/** What names the mail: the same deliveries make the same Message-ID, however often it is sent. */
function headOf(deliveries: readonly ClaimedDelivery[]): { id: string; intentKey: string; template: string } {
  const [first, ...others] = deliveries;
  if (others.length === 0) return first!;
  const ids = deliveries.map(({ id }) => id).toSorted();
  // It begins with the one that leads, by which a mail that comes back is found.
  const together = stableId('digest', ...ids).slice(-12);
  return { id: `${first!.id}.${together}`, intentKey: first!.intentKey, template: DIGEST };
}
