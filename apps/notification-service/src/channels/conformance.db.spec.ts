import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { wrongWebhook } from '#libs/platform';
import type { ChannelSettings } from '#libs/contracts';
import { openHook } from '../../test/hook.js';
import type { Hook, HookAnswer } from '../../test/hook.js';
import { openMailbox } from '../../test/mailbox.js';
import type { Mailbox } from '../../test/mailbox.js';
import type { ReturnPaths } from '../bounces/return-paths.js';
import type { Env } from '../env.js';
import { behavesAsAChannel, message } from './conformance.support.js';
import type { FarSide, Stage } from './conformance.support.js';
import { HttpChannel } from './http.channel.js';
import type { Mail } from './mail.js';
import { Mailer } from './mailer.js';
import type { Message } from './message.js';

const NOW = new Date('2026-03-02T08:00:00Z');
const SECRET = `whsec_${Buffer.from('a secret of the test').toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.from('the secret before it').toString('base64')}`;
const named = { id: 'everybody', name: 'Everybody' };
const settings: Record<ChannelSettings['kind'], ChannelSettings> = {
  slack: { ...named, kind: 'slack', url: '$CHANNEL_X' },
  teams: { ...named, kind: 'teams', url: '$CHANNEL_X' },
  webhook: { ...named, kind: 'webhook', url: '$CHANNEL_X', personal: false },
};

let hook: Hook;
beforeAll(async () => void (hook = await openHook()));
afterAll(() => hook.close());
beforeEach(() => {
  hook.calls.length = 0;
  hook.answers = [];
});

const channelTo = (kind: ChannelSettings['kind'], address: string): HttpChannel => {
  const url = new URL(address);
  const line = { settings: settings[kind], url, secrets: [SECRET, OLD_SECRET], allowHosts: [url.host] };
  return new HttpChannel(line, () => NOW);
};

const FAR: Record<FarSide, HookAnswer> = {
  takes: { status: 200, body: 'ok' },
  refuses: { status: 404, body: 'no_service' },
  'is busy': { status: 503, body: 'later' },
  drops: 'drop',
  'is slow': { status: 202, afterMs: 400 },
};

/** What a reader sees: each kind of body is read as its other side reads it. */
const readers: Record<
  ChannelSettings['kind'],
  (body: string) => { title: string; text: string; link: string }
> = {
  slack: (body) => {
    const { blocks } = JSON.parse(body) as { blocks: SlackBlock[] };
    const shown = (text: string): string =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    const sections = blocks.filter(({ type }) => type === 'section');
    expect(sections.every(({ text }) => text!.verbatim && !/<[!@#h]/.test(text!.text))).toBe(true);
    return {
      title: blocks[0]!.text!.text,
      text: sections.map(({ text }) => shown(text!.text)).join('\n'),
      link: blocks.find(({ type }) => type === 'actions')!.elements![0]!.url,
    };
  },
  teams: (body) => {
    const { attachments } = JSON.parse(body) as { attachments: { content: Card }[] };
    const { body: parts, actions } = attachments[0]!.content;
    const shown = (text: string): string =>
      text.replaceAll('  \n', '\n').replaceAll(/\\([\\`*_[\]()~<>#.+-])/g, '$1');
    return {
      title: shown(parts[0]!.text),
      text: parts
        .slice(1, -1)
        .map(({ text }) => shown(text))
        .join('\n'),
      link: actions[0]!.url,
    };
  },
  webhook: (body) => {
    const { data } = JSON.parse(body) as { data: { title: string; text: string; link: { url: string } } };
    return { title: data.title, text: data.text, link: data.link.url };
  },
};
interface SlackBlock {
  type: string;
  text?: { text: string; verbatim?: boolean };
  elements?: { url: string }[];
}
interface Card {
  body: { text: string }[];
  actions: { url: string }[];
}

const overHttp = (kind: ChannelSettings['kind']): Stage<Message> => ({
  channel: channelTo(kind, hook.url),
  deserted: (port) => channelTo(kind, `http://127.0.0.1:${port}/`),
  made: (given) => given,
  next: (does) => void hook.answers.push(FAR[does]),
  seen: () =>
    Promise.resolve(
      hook.calls.map(({ body, headers }) => ({
        id: String(headers['webhook-id'] ?? ''),
        ...readers[kind](body),
      })),
    ),
});

describe('a Slack channel', () => {
  behavesAsAChannel(() => overHttp('slack'));

  it('keeps to the limits of Block Kit', async () => {
    const paragraphs = Array.from({ length: 80 }, () => '<&>'.repeat(2000));
    await channelTo('slack', hook.url).send({ ...message, title: 'x'.repeat(500), paragraphs });
    const { blocks } = JSON.parse(hook.calls[0]!.body) as { blocks: SlackBlock[] };
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks[0]!.text!.text.length).toBeLessThanOrEqual(150);
    expect(Math.max(...blocks.map(({ text }) => text?.text.length ?? 0))).toBeLessThanOrEqual(3000);
  });
});

describe('a Teams channel', () => {
  behavesAsAChannel(() => overHttp('teams'));

  it('stays below the 28 KB of a webhook', async () => {
    const paragraphs = Array.from({ length: 80 }, () => '"_\u0001'.repeat(3000));
    await channelTo('teams', hook.url).send({ ...message, paragraphs });
    expect(Buffer.byteLength(hook.calls[0]!.body)).toBeLessThan(28 * 1024);
  });

  it('is not deceived by a 200 that tells of a failure', async () => {
    const failure =
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429';
    hook.answers = [{ status: 200, body: failure }];
    expect(await channelTo('teams', hook.url).send(message)).toMatchObject({ kind: 'later' });
  });
});

describe('a webhook', () => {
  behavesAsAChannel(() => overHttp('webhook'));

  it('is signed as Standard Webhooks asks, by the new secret and the one before', async () => {
    await channelTo('webhook', hook.url).send(message);
    const { headers, body } = hook.calls[0]!;
    expect([SECRET, OLD_SECRET].map((secret) => wrongWebhook(secret, headers, body, NOW))).toEqual([
      null,
      null,
    ]);
    expect(wrongWebhook('whsec_bm9uZQ==', headers, body, NOW)).toBe('webhook-signature is wrong');
    expect(headers['webhook-id']).toBe(`msg_${message.id}`);
  });
});

describe('a channel over HTTP', () => {
  it.each([
    ['120', '2026-03-02T08:02:00.000Z'],
    ['Mon, 02 Mar 2026 09:00:00 GMT', '2026-03-02T09:00:00.000Z'],
    ['99999999', '2026-03-03T08:00:00.000Z'],
  ])('waits as long as it is told to, within a day: %s', async (header, until) => {
    hook.answers = [{ status: 429, headers: { 'retry-after': header } }];
    const outcome = await channelTo('slack', hook.url).send(message);
    expect(outcome).toMatchObject({ kind: 'later', notBefore: new Date(until) });
  });

  it.each([
    ['cannot be unpacked', { status: 200, headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }, 'sent'],
    [
      'unpacks to too much',
      { status: 200, headers: { 'content-encoding': 'gzip' }, body: gzipSync('x'.repeat(20_000)) },
      'sent',
    ],
    ['leads elsewhere', { status: 302, headers: { location: 'https://voices.example/' } }, 'failed'],
  ] as const)('judges an answer by its status when it %s', async (_what, answer, kind) => {
    hook.answers = [answer];
    const outcome = await channelTo('slack', hook.url).send(message);
    expect(outcome.kind).toBe(kind);
    if ('reason' in outcome) expect(outcome.reason).toBe('it was answered with 302');
  });

  it('fails for good with what it can make no body of', async () => {
    const button = { label: 'Open', url: 'no address '.repeat(300) };
    expect(await channelTo('slack', hook.url).send({ ...message, button })).toMatchObject({ kind: 'failed' });
    expect(hook.calls).toHaveLength(0);
  });

  it('speaks to no address inside the company, and tells nobody the address', async () => {
    const line = { settings: settings.slack, url: new URL(hook.url), secrets: [], allowHosts: [] };
    const plain = await new HttpChannel(line, () => NOW).send(message);
    const inside = await new HttpChannel(
      { ...line, url: new URL('https://169.254.169.254/s3cr3t') },
      () => NOW,
    ).send(message);
    expect(plain).toEqual({ kind: 'failed', reason: 'the address of the channel is not https' });
    expect(inside).toEqual({ kind: 'failed', reason: 'the address of the channel is not a public one' });
    expect(hook.calls).toHaveLength(0);
  });
});

describe('mail', () => {
  let mailbox: Mailbox;
  const mailers: Mailer[] = [];
  beforeAll(async () => void (mailbox = await openMailbox()));
  afterAll(async () => {
    for (const mailer of mailers) mailer.onApplicationShutdown();
    await mailbox.close();
  });
  beforeEach(() => void (mailbox.received.length = 0));
  const mailerTo = (url: string): Mailer => {
    const mailer = new Mailer(
      { SMTP_URL: url, SMTP_CONNECTIONS: 2 } as Env,
      { addressOf: () => null } as unknown as ReturnPaths,
    );
    mailers.push(mailer);
    return mailer;
  };
  const answers: Record<FarSide, Mailbox['answers'][number]> = {
    takes: 'accept',
    refuses: { code: 550, text: 'no such mailbox' },
    'is busy': { code: 451, text: 'come again' },
    drops: 'drop',
    'is slow': { pauseMs: 400 },
  };

  behavesAsAChannel<Mail>(() => ({
    channel: mailerTo(mailbox.url),
    deserted: (port) => mailerTo(`smtp://127.0.0.1:${port}`),
    made: ({ id, title, paragraphs, button, at }) => ({
      messageId: `<${id}@voices.example>`,
      date: at,
      from: { name: 'Voices', address: 'voices@northwind.example' },
      to: { name: 'Grace', address: 'grace@northwind.example' },
      subject: title.trim(),
      html: `<a href="${button!.url}">${button!.label}</a>`,
      text: `${paragraphs.join('\n\n')}\n\n${button!.url}`,
      headers: {},
    }),
    next: (does) => void mailbox.answers.push(answers[does]),
    seen: () =>
      Promise.resolve(
        mailbox.received.map(({ messageId, mail }) => ({
          id: messageId,
          title: mail.subject ?? '',
          text: mail.text ?? '',
          link: /https:\S+$/.exec((mail.text ?? '').trim())?.[0] ?? '',
        })),
      ),
  }));
});
