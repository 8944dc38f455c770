import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import type { Channel } from './channel.js';
import type { Message } from './message.js';

/** What the far side does with the next message. */
export type FarSide = 'takes' | 'refuses' | 'is busy' | 'drops' | 'is slow';

/** A channel of some kind, with the far side in the test's hands. */
export interface Stage<M> {
  channel: Channel<M>;
  /** The same channel where nobody listens on the other side. */
  deserted: (port: number) => Channel<M>;
  made: (message: Message) => M;
  next: (does: FarSide) => void;
  /** What the far side's reader sees of the messages that came, the newest last: title, text and link. */
  seen: () => Promise<{ id: string; title: string; text: string; link: string }[]>;
}

export const message: Message = {
  id: '7d1cf0a6-2f2b-4d8c-9a51-0f4c1d2e3a4b',
  template: 'board-post',
  locale: 'en',
  title: 'The week at Northwind',
  paragraphs: ['Here is the board.', '1. Aisyah – 1,240\n2. Marco – 985'],
  button: { label: 'Open the board', url: 'https://voices.example/boards?a=1&b=2' },
  programme: 'Northwind Voices',
  to: null,
  at: new Date('2026-03-02T08:00:00Z'),
};

/** What people write, or what somebody might send who wants to speak to everybody. */
const HOSTILE = [
  '<!channel> <@U012AB3CD> <https://evil.example|click>',
  '[click](https://evil.example) **bold** _under_ `code` # not a heading',
  'Tom & Jerry <b>"quoted"</b> \\ back',
  'Zażółć gęślą jaźń, 你好, 👩‍👩‍👧',
];

/** What every channel does, whatever lies behind it. `stage` is asked anew in each test. */
export function behavesAsAChannel<M>(stage: () => Stage<M>): void {
  const send = (more: Partial<Message> = {}) => stage().channel.send(stage().made({ ...message, ...more }));

  it('says that a message was taken', async () => {
    stage().next('takes');
    expect(await send()).toEqual({ kind: 'sent' });
    const [seen] = await stage().seen();
    expect(seen).toMatchObject({ title: message.title, link: message.button!.url });
    for (const paragraph of message.paragraphs)
      for (const line of paragraph.split('\n')) expect(seen!.text).toContain(line);
  });

  it('says that one was refused for good, and why', async () => {
    stage().next('refuses');
    expect(await send()).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/\w{3}/) });
  });

  it('says that one may be tried again when the far side is busy', async () => {
    stage().next('is busy');
    expect(await send()).toMatchObject({ kind: 'later', reason: expect.stringMatching(/\w{3}/) });
  });

  it('does not know when the connection breaks after the content went over', async () => {
    stage().next('drops');
    expect(await send()).toMatchObject({ kind: 'unknown' });
  });

  it('waits for a slow answer', async () => {
    stage().next('is slow');
    expect(await send()).toEqual({ kind: 'sent' });
  });

  it('tries again later when nobody is there', async () => {
    const free = await freePort();
    const { kind } = await stage().deserted(free).send(stage().made(message));
    expect(kind).toBe('later');
  });

  it('is the same message in every attempt', async () => {
    stage().next('is busy');
    await send();
    stage().next('takes');
    await send();
    const [first, second] = (await stage().seen()).slice(-2);
    expect(second).toEqual(first);
  });

  it.each(HOSTILE)('brings over what somebody wrote as it was written: %s', async (text) => {
    stage().next('takes');
    expect(await send({ title: text, paragraphs: [text] })).toEqual({ kind: 'sent' });
    const seen = (await stage().seen()).at(-1)!;
    expect(seen.text).toContain(text);
    expect(seen.title).toContain(text);
  });

  it('takes a message of any length, the end of which may be left out', async () => {
    stage().next('takes');
    const paragraphs = Array.from(
      { length: 200 },
      (_, number) => `${number}. ${'long & winding '.repeat(400)}`,
    );
    expect(await send({ title: 'Title '.repeat(200), paragraphs })).toEqual({ kind: 'sent' });
    expect((await stage().seen()).at(-1)!.text).toContain('0. long & winding');
  });

  it('has a lane of its own pace', () => {
    expect(stage().channel.laneOf(stage().made(message))).toMatch(/^[a-z0-9.:-]+$/);
  });
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
