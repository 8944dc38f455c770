import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningService, programmeWithMail } from '../../test/running-service.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let service: RunningService;
let folder: string;

// Monday, 5 January, nine in Rome; Tuesday is a holiday there. The digest comes on Friday at nine.
beforeAll(async () => {
  folder = await programmeWithMail('{ cap: { mails: 2 }, days: working }');
  service = await RunningService.start(folder);
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  service.mailbox.received.length = 0;
  service.mailbox.answers = [];
});

const subjects = (): (string | undefined)[] => service.mailbox.received.map(({ mail }) => mail.subject);
const digestOf = (count: number): unknown => expect.stringMatching(`^Your digest: ${count} `);
const badges = async (personId: string, ...names: string[]): Promise<string[]> => {
  const intents: string[] = [];
  for (const badge of names) {
    intents.push(service.request(personId, 'badge-earned', { badge }));
    await service.quiet();
  }
  return intents;
};

describe('more mails than a person should get', () => {
  it('wait for the digest, which brings them as one mail whose lines open the whole', async () => {
    const { personId } = service.engagement.person({ location: 'Rome' });
    const intents = await badges(personId, 'first-share', 'ten-shares', 'click-magnet', 'traffic-driver');
    expect(subjects()).toHaveLength(2);
    expect(await service.delivery(intents[2]!)).toMatchObject({
      state: 'intended',
      attempts: 0,
      reason:
        'there were 2 mails in 7 days, so it waits for the digest: sent from 2026-01-12T08:00:00.000Z on',
    });
    await service.move(7 * DAY - 1000);
    expect(subjects()).toHaveLength(2);
    await service.move(1000);
    expect(subjects().slice(2)).toEqual([digestOf(2)]);
    const states = await Promise.all(intents.map(async (intent) => (await service.delivery(intent)).state));
    expect(states).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(await service.told(intents[3]!)).toEqual(['notification.sent']);
    const link = /http:\/\/notification\.example(\/notification\/letters\/\S+)/.exec(
      service.mailbox.received[2]!.mail.text!,
    )![1]!;
    const page = await service.http('GET', link);
    expect([page.status, page.body.includes('You have earned a badge')]).toEqual([200, true]);
    expect((await service.http('GET', `${link}x`)).status).toBe(404);
    await service.move(DAY);
  });

  it('are sent as themselves when only one has waited', async () => {
    const { personId } = service.engagement.person({ location: 'London' });
    await badges(personId, 'first-share', 'ten-shares', 'click-magnet');
    await service.move(8 * DAY);
    expect(subjects()).toHaveLength(3);
    expect(subjects()[2]).toMatch(/^Your new badge/);
  });

  it('do not keep an urgent one waiting, and urgent ones leave room for the others', async () => {
    const { personId } = service.engagement.person({ location: 'London' });
    for (let number = 0; number < 3; number++)
      service.request(personId, 'reward-ready', { rewardName: `Coffee ${number}` });
    await service.quiet();
    await badges(personId, 'first-share', 'ten-shares');
    service.request(personId, 'reward-ready', { rewardName: 'Tea' });
    await service.quiet();
    expect(subjects()).toHaveLength(6);
  });

  it('that fall together are one mail at once', async () => {
    const { personId } = service.engagement.person({ location: 'London' });
    service.tell('programme.stopped', { stopped: true, revision: 1 });
    await service.quiet();
    await badges(personId, 'first-share', 'ten-shares', 'click-magnet');
    service.tell('programme.stopped', { stopped: false, revision: 2 });
    await service.quiet();
    expect(subjects()).toEqual([digestOf(3)]);
  });

  it('come again together, with the same Message-ID, when the server was busy', async () => {
    const { personId } = service.engagement.person({ location: 'London' });
    service.tell('programme.stopped', { stopped: true, revision: 3 });
    await service.quiet();
    const intents = await badges(personId, 'first-share', 'ten-shares');
    service.mailbox.answers = [{ code: 451, text: 'busy' }];
    service.tell('programme.stopped', { stopped: false, revision: 4 });
    await service.quiet();
    const dues = await service.sql(
      'SELECT DISTINCT next_attempt_at FROM deliveries WHERE intent_key = ANY($1)',
      [intents],
    );
    expect(dues).toHaveLength(1);
    await service.move(HOUR);
    expect(subjects()).toEqual([digestOf(2), digestOf(2)]);
    expect(new Set(service.mailbox.received.map(({ messageId }) => messageId)).size).toBe(1);
    for (const intent of intents) expect(await service.delivery(intent)).toMatchObject({ state: 'sent' });
  });
});

describe('a mail that is not urgent', () => {
  it('waits for a working day of its recipient, an urgent one does not', async () => {
    // Whatever the tests before have moved the clock to: on to a Saturday, ten in London.
    const toSaturday = (6 - service.now().getUTCDay() + 7) % 7;
    const ten = new Date(service.now().getTime() + toSaturday * DAY).setUTCHours(10, 0, 0, 0);
    await service.move(ten - service.now().getTime());
    service.mailbox.received.length = 0;
    const { personId } = service.engagement.person({ location: 'London', zone: 'Europe/London' });
    const [waits] = await badges(personId, 'first-share');
    service.request(personId, 'reward-ready', { rewardName: 'Tea' });
    await service.quiet();
    expect(subjects()).toHaveLength(1);
    expect((await service.delivery(waits!)).reason).toContain('no working day: sent from');
    await service.move(2 * DAY);
    expect(subjects()).toHaveLength(2);
  });

  it('is not sent when it would come too late', async () => {
    const { personId } = service.engagement.person({ location: 'London' });
    service.tell('programme.stopped', { stopped: true, revision: 5 });
    await service.quiet();
    const late = service.request(personId, 'share-ready', { title: 'Old news' });
    await service.quiet();
    await service.move(7 * DAY);
    service.tell('programme.stopped', { stopped: false, revision: 6 });
    await service.quiet();
    const { state, reason } = await service.delivery(late);
    expect([state, reason]).toEqual(['suppressed', expect.stringContaining('expired')]);
    expect(subjects()).toEqual([]);
    // By hand it goes all the same: whoever sends it again knows how old it is.
    const { id } = await service.delivery(late);
    const form = new URLSearchParams({ reason: 'she asked for it' });
    await service.http('POST', `/notification/deliveries/${id}/resend`, {
      key: service.engagement.adminKey,
      form,
    });
    await service.quiet();
    expect(await service.delivery(late)).toMatchObject({ state: 'sent' });
  });
});
