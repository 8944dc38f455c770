import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, pageHeaders } from '#libs/platform';
import type { Contact } from '#libs/contracts';
import { RunningService } from '../../test/running-service.js';

const DAY = 86_400_000;
let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.close());
afterEach(() => {
  service.mailbox.received.length = 0;
});

/** The link in the footer of a mail that somebody gets. */
async function linkOf({ personId }: Contact): Promise<string> {
  service.request(personId, 'reward-ready', { rewardName: 'Tea' });
  await service.quiet();
  const text = service.mailbox.received.at(-1)!.mail.text!;
  service.mailbox.received.length = 0;
  return /http:\/\/notification\.example(\/notification\/preferences\/\S+)/.exec(text)![1]!;
}
const push = (path: string, fields: Record<string, string>) =>
  service.http('POST', path, { form: new URLSearchParams(fields) });
const badge = async ({ personId }: Contact): Promise<string> => {
  const intent = service.request(personId, 'badge-earned', { badge: 'first-share' });
  await service.quiet();
  return intent;
};

describe('the page of preferences', () => {
  it('opens by the link in each mail, in the language of its reader, and looking changes nothing', async () => {
    const person = service.engagement.person({ locale: 'it' });
    const path = await linkOf(person);
    const page = await service.http('GET', path);
    expect(Object.fromEntries(page.headers)).toMatchObject(pageHeaders);
    expect(page.body).toContain('Quali email vuoi ricevere?');
    expect(page.body).not.toContain('name="tasks"');
    await service.http('HEAD', path);
    expect(await service.delivery(await badge(person))).toMatchObject({ state: 'sent' });
  });

  it('refuses a forged link and a choice there is not', async () => {
    const person = service.engagement.person();
    const path = await linkOf(person);
    const forged = path.replace(person.personId, newId());
    expect((await service.http('GET', forged)).status).toBe(404);
    expect((await push(forged, { do: 'leave' })).status).toBe(404);
    expect((await push(path, { do: 'save', digest: 'weekly', surveys: 'digest' })).status).toBe(400);
    expect((await push(path, { do: 'save', digest: 'weekly', tasks: 'off' })).status).toBe(400);
  });

  it('keeps mails of a topic away that is switched off, and shows so', async () => {
    const person = service.engagement.person();
    const path = await linkOf(person);
    const saved = await push(path, { do: 'save', digest: 'weekly', recognition: 'off' });
    expect([saved.status, saved.body.includes('Your choice is saved.')]).toEqual([200, true]);
    expect(saved.body).toContain('name="recognition" value="off" checked');
    expect(await service.delivery(await badge(person))).toMatchObject({
      state: 'suppressed',
      reason: 'the person wants no mails about recognition',
    });
    service.request(person.personId, 'reward-ready', { rewardName: 'Tea' });
    await service.quiet();
    expect(service.mailbox.received).toHaveLength(1);
  });

  it('gathers a topic in the daily digest', async () => {
    const person = service.engagement.person({ location: 'London', zone: 'Europe/London' });
    const path = await linkOf(person);
    await push(path, { do: 'save', digest: 'daily', recognition: 'digest' });
    await badge(person);
    const waiting = await badge(person);
    expect((await service.delivery(waiting)).reason).toContain('the person wants this topic in the digest');
    expect(service.mailbox.received).toEqual([]);
    await service.move(DAY);
    expect(service.mailbox.received.map(({ mail }) => mail.subject)).toEqual([
      expect.stringMatching(/^Your digest: 2 /),
    ]);
  });

  it('pauses for 90 days and ends the pause', async () => {
    const person = service.engagement.person();
    const path = await linkOf(person);
    const paused = await push(path, { do: 'pause90' });
    expect(paused.body).toContain('You have a break until');
    await service.move(89 * DAY);
    expect((await service.delivery(await badge(person))).reason).toContain('wants no mails until');
    await push(path, { do: 'resume' });
    expect(await service.delivery(await badge(person))).toMatchObject({ state: 'sent' });
  });

  it('is the way out altogether, and the way back', async () => {
    const person = service.engagement.person();
    const path = await linkOf(person);
    expect((await push(path, { do: 'leave' })).body).toContain('You get no mails from this programme.');
    expect(await service.delivery(await badge(person))).toMatchObject({ reason: 'the person unsubscribed' });
    await push(path, { do: 'return' });
    expect(await service.delivery(await badge(person))).toMatchObject({ state: 'sent' });
  });

  it('is forgotten with the person', async () => {
    const person = service.engagement.person();
    await push(await linkOf(person), { do: 'save', digest: 'off', boards: 'off' });
    service.engagement.contacts.delete(person.personId);
    service.tell('person.changed', { personId: person.personId, change: 'erased' });
    await service.quiet();
    expect(await service.sql('SELECT 1 FROM recipients WHERE person_id = $1', [person.personId])).toEqual([]);
  });
});

describe('every mail', () => {
  it('says why it came', async () => {
    const { personId } = service.engagement.person();
    service.request(personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const { text, html } = service.mailbox.received[0]!.mail;
    const why =
      'You receive this because you take part in Northwind Voices at Northwind. It is about: Badges, thanks and results.';
    expect(text).toContain(why);
    expect(html).toContain(why);
  });
});
