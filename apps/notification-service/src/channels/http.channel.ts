import type { ChannelSettings } from '#libs/contracts';
import { AnswerRefused, OutboundRefused, outbound, retryAfterMs, signWebhook } from '#libs/platform';
import type { Channel, Handed } from './channel.js';
import type { Message } from './message.js';
import { slackBody } from './slack.js';
import { teamsBody } from './teams.js';
import { webhookBody } from './webhook.js';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 16 * 1024;
/** A channel that says "later" without a time is asked again by the usual steps; one that names years is not believed. */
const LONGEST_WAIT_MS = 86_400_000;

const bodies = { slack: slackBody, teams: teamsBody, webhook: webhookBody };

/** Where and how a channel is spoken to, once what stands in the environment was put in. */
export interface Line {
  settings: ChannelSettings;
  url: URL;
  /** What a webhook is signed with, the newest first. */
  secrets: readonly string[];
  /** `host:port` that may be spoken to although not public, and by http. */
  allowHosts: readonly string[];
}

/** The lane of all that goes to a channel. */
export const laneOfChannel = (id: string): string => `channel:${id}`;

/** Slack, Teams and webhooks: one POST for each message, and what its answer means. */
export class HttpChannel implements Channel<Message> {
  constructor(
    private readonly line: Line,
    private readonly now: () => Date,
  ) {}

  laneOf(): string {
    return laneOfChannel(this.line.settings.id);
  }

  async send(message: Message): Promise<Handed> {
    const { url, allowHosts } = this.line;
    if (url.protocol !== 'https:' && !allowHosts.includes(url.host))
      return { kind: 'failed', reason: 'the address of the channel is not https' };
    const call = this.callFor(message);
    if (call === null)
      return { kind: 'failed', reason: 'the message cannot be put into the form of the channel' };
    try {
      const answer = await outbound(url.href, {
        method: 'POST',
        ...call,
        maxBytes: MAX_ANSWER_BYTES,
        cut: true,
        timeoutMs: TIMEOUT_MS,
        allowHosts,
        redirects: 0,
      });
      return judged(answer.status, answer.headers['retry-after'], answer.body.toString(), this.now());
    } catch (error) {
      return error instanceof AnswerRefused
        ? judged(error.status, error.headers['retry-after'], '', this.now())
        : brokenOff(error);
    }
  }

  /** Null when a message is such that no body can be made of it. */
  private callFor(message: Message): { headers: Record<string, string>; body: string } | null {
    try {
      const body = JSON.stringify(bodies[this.line.settings.kind](message));
      const head = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Laurel' };
      return { headers: { ...head, ...this.signed(message, body) }, body };
    } catch {
      // What the error says may hold what people wrote or a secret; which delivery it was stands with the reason.
      return null;
    }
  }

  /** While secrets change both have signed: https://github.com/standard-webhooks/standard-webhooks. */
  private signed({ id }: Message, body: string): Record<string, string> {
    const [head, ...others] = this.line.secrets.map((secret) =>
      signWebhook(secret, `msg_${id}`, this.now(), body),
    );
    if (this.line.settings.kind !== 'webhook' || !head) return {};
    const signatures = [head, ...others].map((headers) => headers['webhook-signature']);
    return { ...head, 'webhook-signature': signatures.join(' ') };
  }
}

/** What an answer means. A connector of Teams may say 200 and tell of a failure in words. */
function judged(status: number, retryAfter: unknown, text: string, now: Date): Handed {
  const told = Number(/returned HTTP error (\d{3})/.exec(text)?.[1] ?? status);
  if (told >= 200 && told < 300) return { kind: 'sent' };
  const words = text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200);
  const reason = `it was answered with ${told}${words ? `: ${words}` : ''}`;
  if (told !== 429 && told !== 408 && told < 500) return { kind: 'failed', reason };
  const wait = Math.min(retryAfterMs(retryAfter, now), LONGEST_WAIT_MS);
  return { kind: 'later', reason, ...(wait > 0 && { notBefore: new Date(now.getTime() + wait) }) };
}

/** Never got there, as far as these tell. */
const NOT_THERE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO)/;

/** Words of errors may name the address, which is a secret, so only their codes are told. */
function brokenOff(error: unknown): Handed {
  const { code, name } = error as { code?: string; name?: string };
  const refused = [error, (error as Error).cause].some((one) => one instanceof OutboundRefused);
  if (refused) return { kind: 'failed', reason: 'the address of the channel is not a public one' };
  const reason = `the connection failed: ${code ?? name ?? 'error'}`;
  if (NOT_THERE.test(code ?? '')) return { kind: 'later', reason };
  return { kind: 'unknown', reason };
}
