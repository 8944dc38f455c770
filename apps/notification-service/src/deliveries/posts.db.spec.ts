import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ENV, callSecret, newId, wrongWebhook } from '#libs/platform';
import { openHook } from '../../test/hook.js';
import type { Hook } from '../../test/hook.js';
import { RunningService } from '../../test/running-service.js';
import type { Env } from '../env.js';
import { Templates } from '../templates/templates.service.js';
import { claimDue } from './claims.query.js';

let service: RunningService;
let hook: Hook;
let admin: string;
beforeAll(async () => {
  hook = await openHook();
  service = await RunningService.start(undefined, {
    NOTIFICATION_ALLOW_HOSTS: hook.host,
    CHANNEL_EVERYBODY: hook.url,
    CHANNEL_CHAT: hook.url,
  });
  admin = service.engagement.adminKey;
});
afterAll(async () => {
  await service.close();
  await hook.close();
});
afterEach(() => {
  hook.calls.length = 0;
  hook.answers = [];
  service.mailbox.received.length = 0;
});

/** Long after the clock of these tests: the service itself does not claim what is due then. */
const FAR_OFF = new Date('2031-01-06T08:00:00Z');
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
const winners = (...personIds: string[]): Record<string, unknown> => ({
  periodKey: '2026-W02',
  participants: 12,
  items: personIds.map((personId, index) => ({ personId, rank: index + 1, score: 90 - index })),
});
function post(channel: string, data: Record<string, unknown>, intentKey: string = newId()): string {
  const workflow = { id: 'board-post', version: 1, runId: newId(), stepId: 'post' };
  service.tell('post.requested', { intentKey, channel, template: 'board-post', data, workflow });
  return intentKey;
}

describe('a post to a channel', () => {
  it('arrives once, with the names of those who agreed to be named', async () => {
    const [named, hidden] = [
      service.engagement.person({ name: 'Grace Okafor' }),
      service.engagement.person({ name: 'Somebody Shy', consentsRanking: false }),
    ];
    const intent = post('everybody', winners(named.personId, hidden.personId));
    post('everybody', {}, intent);
    await service.quiet();
    expect(hook.calls).toHaveLength(1);
    const { blocks } = JSON.parse(hook.calls[0]!.body) as { blocks: { text?: { text: string } }[] };
    const words = blocks.map(({ text }) => text?.text ?? '').join('\n');
    expect(words).toContain("The week's board is here");
    expect(words).toContain('- 1st: Grace Okafor – 90 points\n- 2nd: A colleague – 89 points');
    expect(words).not.toMatch(/Shy|Hi |unsubscribe/i);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent', attempts: 1 });
    expect(await service.told(intent)).toEqual(['post.sent']);
  });

  it('that the channel is too busy for is tried again, at the earliest when it said', async () => {
    hook.answers = [{ status: 429, headers: { 'retry-after': '1800' } }];
    const intent = post('everybody', winners());
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({ state: 'intended', attempts: 1 });
    await service.move(20 * 60_000);
    expect(hook.calls).toHaveLength(1);
    await service.move(11 * 60_000);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('that breaks off halfway is repeated once, and then nobody knows', async () => {
    hook.answers = ['drop', 'drop'];
    const intent = post('everybody', winners());
    await service.quiet();
    expect(hook.calls).toHaveLength(2);
    expect(await service.delivery(intent)).toMatchObject({ state: 'ambiguous', attempts: 2 });
    expect(await service.told(intent)).toEqual([]);
  });

  it('fails with the reason when the channel is gone or the programme has none of that name', async () => {
    hook.answers = [{ status: 404, body: 'no_service' }];
    const [gone, unknown] = [post('everybody', winners()), post('nowhere', winners())];
    await service.quiet();
    expect(await service.delivery(gone)).toMatchObject({
      state: 'failed',
      reason: 'it was answered with 404: no_service',
    });
    expect(await service.delivery(unknown)).toMatchObject({
      state: 'failed',
      reason: 'the programme has no channel nowhere',
    });
    expect(await service.told(unknown)).toEqual(['post.failed']);
  });

  it('stands among the deliveries as any other', async () => {
    const intent = post('everybody', winners());
    await service.quiet();
    const { id } = await service.delivery(intent);
    const { body } = await service.http('GET', `/notification/deliveries/${id}`, { key: admin });
    expect(JSON.parse(body)).toMatchObject({ personId: null, channel: 'everybody', state: 'sent' });
  });
});

describe('the channels', () => {
  it('are listed with what they lack, and can be tried', async () => {
    const list = await service.http('GET', '/notification/channels', { key: admin });
    expect(JSON.parse(list.body)).toEqual([
      { id: 'everybody', name: '#northwind-voices', kind: 'slack', personal: false, lacks: [] },
      { id: 'chat', name: 'As a chat message', kind: 'webhook', personal: true, lacks: [] },
    ]);
    const tried = await service.http('POST', '/notification/channels/everybody/test', { key: admin });
    expect([tried.status, JSON.parse(tried.body)]).toEqual([200, { kind: 'sent' }]);
    expect(hook.calls[0]!.body).toContain('can post to #northwind-voices');
    expect(await service.http('POST', '/notification/channels/none/test', { key: admin })).toMatchObject({
      status: 404,
    });
  });
});

describe('somebody who wants chat messages', () => {
  it('gets what the topic is about there and not by mail, in a call the bot can trust; other topics still come by mail', async () => {
    const { personId } = service.engagement.person({
      name: 'Grace Okafor',
      email: 'grace@northwind.example',
    });
    service.request(personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const page = /https?:\/\/\S+\/preferences\/\S+/.exec(service.mailbox.received[0]!.mail.text ?? '')![0];
    const path = new URL(page).pathname;
    expect((await service.http('GET', path)).body).toContain('As a chat message');
    const form = new URLSearchParams({
      do: 'save',
      digest: 'weekly',
      recognition: 'by:chat',
      boards: 'by:nowhere',
    });
    const { body } = await service.http('POST', path, { form });
    expect(body).toContain('value="by:chat" checked');
    expect(body).not.toContain('by:nowhere');
    service.mailbox.received.length = 0;

    const intent = service.request(personId, 'badge-earned', { badge: 'ten-shares' });
    service.request(personId, 'training-reminder', { bookingUrl: 'https://voices.example/trainings' });
    await service.quiet();
    expect(service.mailbox.received).toHaveLength(1);
    expect(hook.calls).toHaveLength(1);
    const [{ body: told, headers }] = hook.calls as [(typeof hook.calls)[number]];
    expect(JSON.parse(told)).toMatchObject({
      type: 'message.personal',
      data: {
        title: expect.stringContaining('Regular voice'),
        to: { personId, email: 'grace@northwind.example' },
      },
    });
    const secret = callSecret(service.app.get<Env>(ENV).LAUREL_SECRET, new URL(hook.url).origin);
    expect(wrongWebhook(secret, headers, told, service.now())).toBeNull();
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent' });
    expect(await service.told(intent)).toEqual(['notification.sent']);
  });
});

describe('a mail with an entry for the calendar', () => {
  const invite = (personId: string, more: object = {}, template = 'training-scheduled'): void => {
    const workflow = { id: 'training-calendar', version: 1, runId: newId(), stepId: 'invite' };
    const calendar = {
      uid: 'training-7',
      starts: '2026-03-10T13:00:00.000Z',
      ends: '2026-03-10T14:30:00.000Z',
      summary: 'In your own words',
      location: 'Room 4',
      url: null,
      cancelled: false,
      ...more,
    };
    const data = {
      title: calendar.summary,
      startsAt: calendar.starts,
      location: 'Room 4',
      cancelled: calendar.cancelled,
    };
    service.tell('notification.requested', {
      intentKey: newId(),
      personId,
      template,
      data,
      workflow,
      calendar,
    });
  };

  it('does not wait for a digest, whatever it is about and its reader has chosen', async () => {
    const { personId } = service.engagement.person();
    service.request(personId, 'reward-ready', { rewardName: 'Tea' });
    await service.quiet();
    await service.sql(`UPDATE recipients SET topics = '{"content": "digest"}' WHERE person_id = $1`, [
      personId,
    ]);
    service.mailbox.received.length = 0;
    invite(personId, {}, 'share-ready');
    invite(personId, { cancelled: true }, 'share-ready');
    await service.quiet();
    expect(service.mailbox.received).toHaveLength(2);
    for (const { raw } of service.mailbox.received) expect(raw).toContain('text/calendar');
  });

  it('asks, moves and cancels under one uid with growing sequence', async () => {
    const { personId } = service.engagement.person();
    invite(personId);
    invite(personId, { starts: '2026-03-10T12:00:00.000Z' });
    await service.quiet();
    invite(personId, { cancelled: true });
    await service.quiet();
    const parts = service.mailbox.received.map(({ mail, raw }) => ({
      calendar:
        mail.attachments.find(({ contentType }) => contentType === 'text/calendar')?.content.toString() ??
        raw,
      raw,
    }));
    const field = (name: string): string[] =>
      parts.map(({ calendar }) => new RegExp(`^${name}:(.*)$`, 'm').exec(calendar)?.[1]?.trim() ?? '');
    expect(field('METHOD')).toEqual(['REQUEST', 'REQUEST', 'CANCEL']);
    expect(field('SEQUENCE').toSorted()).toEqual(['0', '1', '2']);
    expect(new Set(field('UID')).size).toBe(1);
    expect(parts.every(({ raw }) => /text\/calendar;[^]*method=(REQUEST|CANCEL)/.test(raw))).toBe(true);
    expect(service.mailbox.received[0]!.mail.text).toContain('Tuesday');
  });
});

describe('a channel that is as busy as it may be', () => {
  it('is given nothing more, neither for everybody nor for whoever has chosen it', async () => {
    const claimed = async (busy: string[]): Promise<(string | null)[]> => {
      const claim = { by: 'test', now: FAR_OFF, limit: 100, plain: 100, busy };
      const topics = service.app.get(Templates).topics();
      const rows = await service.app
        .get(DataSource)
        .transaction((manager) => claimDue(manager, { ...claim, topics }));
      await service.sql(`UPDATE deliveries SET state = 'intended' WHERE claimed_by = 'test'`);
      return rows.map(({ intentKey }) => intentKey).toSorted();
    };
    await service.sql(`DELETE FROM deliveries`);
    const { personId } = service.engagement.person();
    service.request(personId, 'reward-ready', { rewardName: 'Tea' });
    await service.quiet();
    await service.sql(`UPDATE recipients SET topics = '{"recognition": "by:chat"}'`);
    await service.sql(
      `INSERT INTO deliveries (id, intent_key, person_id, channel, template, data, workflow, state, requested_at, next_attempt_at)
       SELECT gen_random_uuid(), key, CASE WHEN channel IS NULL THEN $1::uuid END, channel, template, '{}', '{}', 'intended', $2, $2
       FROM (VALUES ('a post', 'everybody', 'board-post'), ('a chat message', NULL, 'badge-earned'), ('a mail', NULL, 'share-ready'))
         AS wanted (key, channel, template)`,
      [personId, FAR_OFF],
    );
    expect(await claimed([])).toEqual(['a chat message', 'a mail', 'a post']);
    expect(await claimed(['channel:everybody'])).toEqual(['a chat message', 'a mail']);
    expect(await claimed(['channel:chat'])).toEqual(['a mail', 'a post']);
    expect(await claimed(['people.example'])).toEqual(['a post']);
  });

  it('keeps no mail waiting', async () => {
    const some = Array.from({ length: 450 }, () => post('everybody', winners()));
    const all = `SELECT FROM deliveries WHERE intent_key = ANY($1)`;
    await until(async () => (await service.sql(all, [some])).length === 450 && hook.calls.length > 1);
    const { personId } = service.engagement.person();
    service.request(personId, 'badge-earned', { badge: 'first-share' });
    await until(() => service.mailbox.received.length > 0);
    const waiting = await service.sql(`${all} AND state = 'intended'`, [some]);
    expect(waiting.length).toBeGreaterThan(200);
  });
});
