import { cut } from './message.js';
import type { Link, Message } from './message.js';

/** Limits of https://docs.slack.dev/reference/block-kit/blocks, in characters; more is answered with invalid_blocks. */
const LIMITS = { header: 150, section: 3000, button: 75, url: 3000, blocks: 50, text: 4000 };

/** The body for an incoming webhook of Slack: Block Kit, with `text` for notifications and screen readers. */
export function slackBody({ title, paragraphs, button, programme, to }: Message): object {
  const links = [button, to?.preferences ?? null].filter((link) => link !== null);
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: cut(title, LIMITS.header), emoji: false } },
    ...paragraphs.slice(0, LIMITS.blocks - 3).map(section),
    ...(links.length > 0 ? [{ type: 'actions', elements: links.map(buttonOf) }] : []),
    { type: 'context', elements: [mrkdwn(programme, LIMITS.section)] },
  ];
  return { text: cut(escaped(title), LIMITS.text), blocks, unfurl_links: false, unfurl_media: false };
}

const section = (text: string): object => ({ type: 'section', text: mrkdwn(text, LIMITS.section) });

/** `verbatim`: nothing in it becomes a link or a mention by itself. Escaping may make a text five times as long. */
const mrkdwn = (text: string, most: number): object => ({
  type: 'mrkdwn',
  text: shortened(text, most),
  verbatim: true,
});

function shortened(text: string, most: number): string {
  const whole = escaped(text);
  return whole.length <= most ? whole : escaped(cut(text, Math.floor(most / 5)));
}

const buttonOf = ({ label, url }: Link, index: number): object => ({
  type: 'button',
  text: { type: 'plain_text', text: cut(label, LIMITS.button), emoji: false },
  url: url.length <= LIMITS.url ? url : new URL(url).origin,
  action_id: `open-${index}`,
});

/** Slack has three characters of its own: https://docs.slack.dev/messaging/formatting-message-text. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
