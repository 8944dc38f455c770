import { Injectable } from '@nestjs/common';
import { Clock, stableId } from '#libs/platform';
import { MailLinks } from '../pages/mail-links.js';
import { Programme } from '../programme/programme.js';
import { Templates } from '../templates/templates.service.js';
import type { VersionedLetter as Letter } from '../templates/templates.service.js';
import type { Order } from '../templates/writer.js';
import type { ClaimedDelivery, Outcome } from './delivery.js';
import { DIGEST, LetterOrders } from './letter-orders.js';
import type { Knowledge, Lettered } from './letter-orders.js';
import { composeMail } from './mail.js';
import type { Mail } from './mail.js';

/** One mail, and every delivery it carries; the first leads. */
export interface Parcel {
  mail: Mail;
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
    private readonly clock: Clock,
    private readonly programme: Programme,
  ) {}

  /** A mail for each group. Whatever is wrong with one letter (its data, its template, its address) fails that one only. */
  async write(
    groups: readonly ClaimedDelivery[][],
    knowledge: Knowledge,
  ): Promise<{ parcels: Parcel[]; outcomes: Settled[] }> {
    const orders = groups.flat().map((delivery) => this.orders.of(delivery, knowledge));
    const letters = await this.inWords(orders);
    const written = new Map(groups.flat().map(({ id }, index) => [id, letters[index]!]));
    const packed = groups.map((group) => this.lettered(group, written, knowledge));
    const failed = packed.flatMap(({ outcomes }) => outcomes);
    const full = packed.map(({ lettered }) => lettered).filter(({ length }) => length > 0);
    const digests = full.filter(({ length }) => length > 1);
    const covers = await this.inWords(digests.map((items) => this.orders.digestOf(items)));
    const sent = full.map((items) => {
      const cover = items.length > 1 ? covers[digests.indexOf(items)]! : items[0]!.letter;
      return this.parcelOf(items, cover);
    });
    return {
      parcels: sent.flatMap((one) => ('mail' in one ? [one] : [])),
      outcomes: [...failed, ...sent.flatMap((one) => ('mail' in one ? [] : one))],
    };
  }

  /** The whole letter of a delivery, as a line of a digest opens it. Throws the reason when it cannot be written. */
  async letterOf(delivery: ClaimedDelivery, knowledge: Knowledge): Promise<Letter> {
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
    group: readonly ClaimedDelivery[],
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
    const { to } = items[0]!;
    try {
      if (letter instanceof Error) throw letter;
      const mail = composeMail({
        delivery: headOf(deliveries),
        to,
        letter,
        unsubscribeUrl: this.mailLinks.urlFor('unsubscribe', to.personId),
        programme: this.programme.settings,
        date: this.clock.now(),
      });
      return { mail, deliveries };
    } catch (error) {
      return deliveries.map((delivery) => failed(delivery, error as Error));
    }
  }
}

const writtenWith = (delivery: ClaimedDelivery, { version }: Letter): ClaimedDelivery => ({
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
