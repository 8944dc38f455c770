import { Injectable } from '@nestjs/common';
import { Clock, stableId } from '#libs/platform';
import { invitationFor } from '../channels/calendar.js';
import { Channels } from '../channels/channels.service.js';
import type { Dispatch } from '../channels/channels.service.js';
import { MailLinks } from '../pages/mail-links.js';
import { Programme } from '../programme/programme.js';
import type { Recipient } from '../recipients/recipients.query.js';
import { channelIn } from '../recipients/recipients.query.js';
import { Templates } from '../templates/templates.service.js';
import type { VersionedLetter as Letter } from '../templates/templates.service.js';
import type { Order } from '../templates/writer.js';
import type { ClaimedDelivery, Outcome, PersonalDelivery } from './delivery.js';
import { DIGEST, LetterOrders } from './letter-orders.js';
import type { Knowledge, Lettered } from './letter-orders.js';
import { frameOf, inFrame } from '../channels/mail.js';
import type { MailFrame } from '../channels/mail.js';

/** One mail or message, and every delivery it carries; the first leads. */
export interface Parcel {
  dispatch: Dispatch;
  deliveries: ClaimedDelivery[];
}

interface Settled {
  delivery: ClaimedDelivery;
  outcome: Outcome;
}

/** Puts deliveries into words: ids become names and links, and several deliveries become one digest. */
@Injectable()
export class Writing {
  constructor(
    private readonly templates: Templates,
    private readonly orders: LetterOrders,
    private readonly mailLinks: MailLinks,
    private readonly channels: Channels,
    private readonly clock: Clock,
    private readonly programme: Programme,
  ) {}

  /** A mail for each group. Whatever is wrong with one letter (its data, its template, its address) fails that one only. */
  async write(
    groups: readonly PersonalDelivery[][],
    knowledge: Knowledge,
  ): Promise<{ parcels: Parcel[]; outcomes: Settled[] }> {
    const orders = groups.flatMap((group) =>
      group.map((delivery) => this.orderOf(delivery, group, knowledge)),
    );
    const letters = await this.inWords(orders);
    const written = new Map(groups.flat().map(({ id }, index) => [id, letters[index]!]));
    const packed = groups.map((group) => this.lettered(group, written, knowledge));
    const failed = packed.flatMap(({ outcomes }) => outcomes);
    const full = packed.map(({ lettered }) => lettered).filter(({ length }) => length > 0);
    const digests = full.filter(({ length }) => length > 1);
    const covers = await this.inWords(
      digests.map((items) => this.framed(this.orders.digestOf(items), items)),
    );
    const sent = full.map((items) => {
      const cover = items.length > 1 ? covers[digests.indexOf(items)]! : items[0]!.letter;
      return this.parcelOf(items, cover);
    });
    return {
      parcels: sent.flatMap((one) => ('dispatch' in one ? [one] : [])),
      outcomes: [...failed, ...sent.flatMap((one) => ('dispatch' in one ? [] : one))],
    };
  }

  /** The whole letter of a delivery, as a line of a digest opens it. Throws the reason when it cannot be written. */
  async letterOf(delivery: PersonalDelivery, knowledge: Knowledge): Promise<Letter> {
    const [letter] = await this.inWords([this.orders.of(delivery, knowledge)]);
    if (letter instanceof Error) throw letter;
    return letter!;
  }

  /** Throws when no letter at all can be written. */
  private async inWords(orders: readonly (Order | Error)[]): Promise<(Letter | Error)[]> {
    const good = orders.filter((order): order is Order => !(order instanceof Error));
    const written = good.length > 0 ? await this.templates.write(good) : [];
    return orders.map((order) => (order instanceof Error ? order : written.shift()!));
  }

  private lettered(
    group: readonly PersonalDelivery[],
    written: ReadonlyMap<string, Letter | Error>,
    { people }: Knowledge,
  ): { lettered: Lettered[]; outcomes: Settled[] } {
    const lettered: Lettered[] = [];
    const outcomes: Settled[] = [];
    for (const delivery of group) {
      const letter = written.get(delivery.id)!;
      if (letter instanceof Error) outcomes.push(failed(delivery, letter));
      else
        lettered.push({
          delivery: writtenWith(delivery, letter),
          letter,
          to: people.get(delivery.personId)!,
        });
    }
    return { lettered, outcomes };
  }

  private parcelOf(items: readonly Lettered[], letter: Letter | Error): Parcel | Settled[] {
    const deliveries = items.map(({ delivery }) => delivery);
    try {
      if (letter instanceof Error) throw letter;
      return { dispatch: this.dispatchOf(items, letter), deliveries };
    } catch (error) {
      return deliveries.map((delivery) => failed(delivery, error as Error));
    }
  }

  private dispatchOf(items: readonly Lettered[], letter: Letter): Dispatch {
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

  private orderOf(
    delivery: PersonalDelivery,
    group: readonly PersonalDelivery[],
    knowledge: Knowledge,
  ): Order | Error {
    const to = knowledge.people.get(delivery.personId)!;
    const alone = group.length === 1;
    if (this.chosen(group, to) !== null) return this.orders.of(delivery, knowledge, 'message');
    const order = this.orders.of(delivery, knowledge);
    return alone ? this.framed(order, [{ delivery, to }]) : order;
  }

  private framed(order: Order | Error, items: readonly Pick<Lettered, 'delivery' | 'to'>[]): Order | Error {
    try {
      return order instanceof Error ? order : { ...order, frame: this.frameFor(items) };
    } catch (error) {
      return error as Error;
    }
  }

  private frameFor(items: readonly Pick<Lettered, 'delivery' | 'to'>[]): MailFrame {
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
  private chosen(group: readonly ClaimedDelivery[], to: Recipient): string | null {
    const [delivery, ...others] = group;
    if (others.length > 0 || delivery!.answers || delivery!.calendar) return null;
    const choice = to.topics[this.templates.mannerOf(delivery!.template).topic];
    const id = choice === undefined ? null : channelIn(choice);
    return id !== null && this.channels.personal().some((channel) => channel.id === id) ? id : null;
  }
}

const writtenWith = (delivery: PersonalDelivery, { version }: Letter): PersonalDelivery => ({
  ...delivery,
  templateVersion: version,
});

const failed = (delivery: ClaimedDelivery, { message }: Error): Settled => ({
  delivery,
  outcome: { kind: 'failed', reason: message },
});

/** What names the mail: the same deliveries make the same Message-ID, however often it is sent. */
function headOf(deliveries: readonly ClaimedDelivery[]): { id: string; intentKey: string; template: string } {
  const [first, ...others] = deliveries;
  if (others.length === 0) return first!;
  const ids = deliveries.map(({ id }) => id).toSorted();
  return { id: stableId('digest', ...ids), intentKey: first!.intentKey, template: DIGEST };
}
