import { Injectable } from '@nestjs/common';
import type { Dispatch } from '../channels/channels.service.js';
import { Templates } from '../templates/templates.service.js';
import type { VersionedLetter as Letter } from '../templates/templates.service.js';
import type { Order } from '../templates/writer.js';
import type { ClaimedDelivery, Outcome, PersonalDelivery } from './delivery.js';
import { LetterOrders } from './letter-orders.js';
import type { Knowledge, Lettered } from './letter-orders.js';
import { Packing } from './packing.js';

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
    private readonly packing: Packing,
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
      return { dispatch: this.packing.dispatchOf(items, letter), deliveries };
    } catch (error) {
      return deliveries.map((delivery) => failed(delivery, error as Error));
    }
  }

  private orderOf(
    delivery: PersonalDelivery,
    group: readonly PersonalDelivery[],
    knowledge: Knowledge,
  ): Order | Error {
    const to = knowledge.people.get(delivery.personId)!;
    const alone = group.length === 1;
    if (this.packing.chosen(group, to) !== null) return this.orders.of(delivery, knowledge, 'message');
    const order = this.orders.of(delivery, knowledge);
    return alone ? this.framed(order, [{ delivery, to }]) : order;
  }

  private framed(order: Order | Error, items: readonly Pick<Lettered, 'delivery' | 'to'>[]): Order | Error {
    try {
      return order instanceof Error ? order : { ...order, frame: this.packing.frameFor(items) };
    } catch (error) {
      return error as Error;
    }
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
