import { Inject, Injectable } from '@nestjs/common';
import type { ChannelSettings } from '#libs/contracts';
import { Clock, ENV, callSecret } from '#libs/platform';
import type { Pace } from '../deliveries/lanes.js';
import { Mailer } from './mailer.js';
import type { Mail } from './mail.js';
import type { Env } from '../env.js';
import { Programme } from '../programme/programme.js';
import type { Channel, Handed } from './channel.js';
import { HttpChannel, laneOfChannel } from './http.channel.js';
import type { Message } from './message.js';

/** A mail, or a message for a channel of the programme. */
export type Dispatch = { channel: null; mail: Mail } | { channel: string; message: Message };

/** A channel as REST shows it; `lacks` names what is missing in the environment. */
export interface ChannelView {
  id: string;
  name: string;
  kind: ChannelSettings['kind'];
  personal: boolean;
  lacks: string[];
}

/** Slack takes about a message a second (https://docs.slack.dev/apis/web-api/rate-limits), Teams four. */
const PACES: Record<ChannelSettings['kind'], Pace> = {
  slack: { concurrent: 1, per_minute: 60, burst: 1 },
  teams: { concurrent: 1, per_minute: 60, burst: 1 },
  webhook: { concurrent: 8, per_minute: 6000, burst: 100 },
};

/** Every way out, by its name. */
@Injectable()
export class Channels {
  constructor(
    private readonly mailer: Mailer,
    private readonly programme: Programme,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  list(): ChannelView[] {
    return this.programme.channels.map((settings) => ({
      id: settings.id,
      name: settings.name,
      kind: settings.kind,
      personal: isPersonal(settings),
      lacks: this.lacksOf(settings),
    }));
  }

  find(id: string): ChannelSettings | undefined {
    return this.programme.channels.find((channel) => channel.id === id);
  }

  /** The channels that people may choose for themselves and that work. */
  personal(): ChannelSettings[] {
    return this.programme.channels.filter(
      (channel) => isPersonal(channel) && this.lacksOf(channel).length === 0,
    );
  }

  laneOf(dispatch: Dispatch): string {
    return dispatch.channel === null ? this.mailer.laneOf(dispatch.mail) : laneOfChannel(dispatch.channel);
  }

  /** The pace of a lane that is a channel's; null for a mail domain. */
  paceOf(lane: string): Pace | null {
    const id = /^channel:(.*)$/.exec(lane)?.[1];
    return id === undefined ? null : PACES[this.find(id)?.kind ?? 'webhook'];
  }

  send(dispatch: Dispatch): Promise<Handed> {
    if (dispatch.channel === null) return this.mailer.send(dispatch.mail);
    const channel = this.open(dispatch.channel);
    return typeof channel === 'string'
      ? Promise.resolve({ kind: 'failed', reason: channel })
      : channel.send(dispatch.message);
  }

  /** The channel, or in words why there is none. */
  private open(id: string): Channel<Message> | string {
    const settings = this.find(id);
    if (!settings) return `there is no channel ${id}`;
    const [lacking] = this.lacksOf(settings);
    if (lacking !== undefined) return `${lacking.slice(1)} is not set, so the channel ${id} leads nowhere`;
    const address = this.valueOf(settings.url) ?? settings.url;
    if (!URL.canParse(address)) return `the address of the channel ${id} is none`;
    const url = new URL(address);
    const line = {
      settings,
      url,
      secrets: this.secretsFor(settings, url),
      allowHosts: this.env.NOTIFICATION_ALLOW_HOSTS,
    };
    return new HttpChannel(line, () => this.clock.now());
  }

  /** The names that nothing in the environment stands for. */
  private lacksOf(settings: ChannelSettings): string[] {
    return secretsOf(settings).filter((name) => this.valueOf(name) === undefined);
  }

  private secretsFor(settings: ChannelSettings, { origin }: URL): string[] {
    if (settings.kind !== 'webhook') return [];
    const own = [settings.secret, settings.previous_secret].flatMap((name) =>
      name === undefined ? [] : (this.valueOf(name) ?? []),
    );
    return own.length > 0 ? own : [callSecret(this.env.LAUREL_SECRET, origin)];
  }

  /** What a `$CHANNEL_…` stands for. */
  private valueOf(name: string): string | undefined {
    return name.startsWith('$') ? this.env.CHANNELS[name.slice(1)] : undefined;
  }
}

const isPersonal = (settings: ChannelSettings): boolean => settings.kind === 'webhook' && settings.personal;

const secretsOf = (settings: ChannelSettings): string[] =>
  [settings.url, ...(settings.kind === 'webhook' ? [settings.secret, settings.previous_secret] : [])].filter(
    (name): name is string => name?.startsWith('$') === true,
  );
