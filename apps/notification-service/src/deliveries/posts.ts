import { Injectable } from '@nestjs/common';
import type { ChannelSettings } from '#libs/contracts';
import { Clock } from '#libs/platform';
import { Channels } from '../channels/channels.service.js';
import { Programme } from '../programme/programme.js';
import { Recipients } from '../recipients/recipients.service.js';
import { Templates } from '../templates/templates.service.js';
import type { VersionedLetter } from '../templates/templates.service.js';
import type { Order } from '../templates/writer.js';
import type { ClaimedDelivery, Outcome } from './delivery.js';
import { enrich, personIdsIn } from './enrichment.js';
import { expired } from './gate.js';
import type { Written } from './letters.js';
import type { Parcel } from './writing.js';

/** Nobody reads a post alone, so it has no links of one person. */
const NO_LINKS = { unsubscribeUrl: '', pauseUrl: '', preferencesUrl: '' };

/** Puts deliveries to channels into words. */
@Injectable()
export class Posts {
  constructor(
    private readonly templates: Templates,
    private readonly recipients: Recipients,
    private readonly channels: Channels,
    private readonly clock: Clock,
    private readonly programme: Programme,
  ) {}

  async write(batch: readonly ClaimedDelivery[]): Promise<Written> {
    if (batch.length === 0) return { parcels: [], outcomes: [] };
    const kept = batch.map((delivery) => ({ delivery, outcome: this.keptBy(delivery) }));
    const outcomes = kept.flatMap(({ delivery, outcome }) => (outcome ? [{ delivery, outcome }] : []));
    const going = kept.filter(({ outcome }) => outcome === null).map(({ delivery }) => delivery);
    const letters = await this.inWords(going);
    const written = going.map((delivery, index) => this.parcelOf(delivery, letters[index]!));
    return {
      parcels: written.flatMap((one) => ('dispatch' in one ? [one] : [])),
      outcomes: [...outcomes, ...written.flatMap((one) => ('outcome' in one ? [one] : []))],
    };
  }

  private keptBy(delivery: ClaimedDelivery): Outcome | null {
    if (!this.channelOf(delivery))
      return { kind: 'failed', reason: `the programme has no channel ${delivery.channel}` };
    const reason = expired(delivery, this.templates.mannerOf(delivery.template), this.clock.now());
    return reason === null ? null : { kind: 'suppressed', reason };
  }

  private channelOf({ channel }: ClaimedDelivery): ChannelSettings | undefined {
    return this.channels.find(channel ?? '');
  }

  private async inWords(going: readonly ClaimedDelivery[]): Promise<(VersionedLetter | Error)[]> {
    if (going.length === 0) return [];
    const people = await this.recipients.know(going.flatMap(({ data }) => personIdsIn(data)));
    return this.templates.write(
      going.map((delivery): Order => {
        const { name, locale = this.programme.settings.locales[0]! } = this.channelOf(delivery)!;
        const { colleague } = this.templates.language(locale);
        const data = enrich(delivery.data, { recipientId: null, lookup: (id) => people.get(id), colleague });
        return {
          id: delivery.template,
          to: { name, locale },
          data: data as Order['data'],
          links: NO_LINKS,
          form: 'post',
        };
      }),
    );
  }

  private parcelOf(
    delivery: ClaimedDelivery,
    letter: VersionedLetter | Error,
  ): Parcel | Written['outcomes'][number] {
    if (letter instanceof Error) return { delivery, outcome: { kind: 'failed', reason: letter.message } };
    const { id, template } = delivery;
    const head = { id, template, locale: letter.locale, programme: this.programme.settings.name };
    const message = { ...head, ...letter.message!, to: null, at: this.clock.now() };
    const deliveries = [{ ...delivery, templateVersion: letter.version }];
    return { dispatch: { channel: delivery.channel!, message }, deliveries };
  }
}
