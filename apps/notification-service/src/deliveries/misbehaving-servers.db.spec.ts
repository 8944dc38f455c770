import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openMailbox } from '../../test/mailbox.js';
import { RunningService, programmeWithMail } from '../../test/running-service.js';

let service: RunningService;
let folder: string;
beforeAll(async () => {
  folder = await programmeWithMail(
    '{ domains: { slow.example: { concurrent: 1 }, few.example: { concurrent: 9, per_minute: 3 } } }',
  );
  service = await RunningService.start(folder);
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  service.mailbox.received.length = 0;
  service.mailbox.answers = [];
  service.mailbox.onReceived = async () => {};
});

const badgeTo = (email?: string): string => {
  const { personId } = service.engagement.person(email === undefined ? {} : { email });
  return service.request(personId, 'badge-earned', { badge: 'first-share' });
};
const sent = (): string[] => service.mailbox.received.map(({ to }) => to);
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a server that pauses for thirty seconds before it answers', () => {
  it('holds up its own mail only: others are sent and noted meanwhile, and it is sent once', async () => {
    service.mailbox.answers = [{ pauseMs: 31_000 }];
    const slow = badgeTo();
    await until(() => service.mailbox.received.length === 1);
    const others = Array.from({ length: 150 }, () => badgeTo());
    await until(async () => (await service.delivery(others.at(-1)!).catch(() => null))?.state === 'sent');
    expect(await service.delivery(slow)).toMatchObject({ state: 'sending' });
    await until(() => service.mailbox.received.length === 151);
    await service.quiet();
    expect(await service.delivery(slow)).toMatchObject({ state: 'sent', attempts: 1 });
    expect(service.mailbox.received).toHaveLength(151);
  }, 60_000);
});

describe('a domain', () => {
  it('that is slow gets one mail at a time, while others overtake it', async () => {
    let open = 0;
    let most = 0;
    service.mailbox.onReceived = async ({ to }) => {
      if (!to.endsWith('@slow.example')) return;
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 100));
      open--;
    };
    for (let number = 0; number < 12; number++) badgeTo(`s${number}@slow.example`);
    await until(() => sent().length > 0);
    const fast = badgeTo();
    await until(async () => (await service.delivery(fast).catch(() => null))?.state === 'sent');
    const slowThen = sent().filter((to) => to.endsWith('@slow.example')).length;
    expect(slowThen).toBeLessThan(12);
    await service.quiet();
    expect(sent().filter((to) => to.endsWith('@slow.example'))).toHaveLength(12);
    expect(most).toBe(1);
  });

  it('that takes three mails a minute gets three, and what waits keeps nobody else waiting', async () => {
    const intents = Array.from({ length: 6 }, (_, number) => badgeTo(`f${number}@few.example`));
    await until(() => sent().length >= 3);
    const other = badgeTo();
    await until(async () => (await service.delivery(other).catch(() => null))?.state === 'sent');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sent().filter((to) => to.endsWith('@few.example'))).toHaveLength(3);
    const states = await Promise.all(intents.map(async (intent) => (await service.delivery(intent)).state));
    expect(states.filter((state) => state === 'sent')).toHaveLength(3);
  });
});

describe('a server whose certificate nobody vouches for', () => {
  it('gets no mail; it waits until that is mended', async () => {
    const untrusted = await openMailbox({ untrusted: true });
    const other = await RunningService.start(undefined, { SMTP_URL: untrusted.url });
    const { personId } = other.engagement.person();
    const intent = other.request(personId, 'badge-earned', { badge: 'first-share' });
    await other.quiet();
    const { state, reason } = await other.delivery(intent);
    expect(state).toBe('intended');
    expect(reason).toMatch(/certificate/);
    expect(untrusted.received).toEqual([]);
    await other.close();
    await untrusted.close();
  });
});
