import { describe, expect, it } from '@jest/globals';
import { newId, pageHeaders } from '#libs/platform';
import { useNotification } from '../../test/running-service.js';
import type { RunningService } from '../../test/running-service.js';

let service: RunningService;

useNotification((started) => (service = started));

/** An unsubscribe link as it stands in the headers of the last mail. */
const unsubscribePath = (): string => {
  const header = /^List-Unsubscribe:\s*<http:\/\/notification\.example(.+?)>/m.exec(unfolded());
  return header![1]!;
};
const oneClick = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
const unfolded = (): string =>
  service.mailbox.received
    .at(-1)!
    .raw.split('\r\n\r\n')[0]!
    .replaceAll(/\r\n(?=[ \t])/g, '');

describe('unsubscribing', () => {
  it('takes a POST; looking at the page changes nothing', async () => {
    const person = service.engagement.person({ locale: 'pl' });
    service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const path = unsubscribePath();
    const page = await service.http('GET', path);
    expect(Object.fromEntries(page.headers)).toMatchObject(pageHeaders);
    expect(page.body).toContain('Zrezygnować z wiadomości?');
    await service.http('HEAD', path);
    const still = service.request(person.personId, 'badge-earned', { badge: 'ten-shares' });
    await service.quiet();
    expect(await service.delivery(still)).toMatchObject({ state: 'sent' });

    for (let times = 0; times < 2; times++) {
      const done = await service.http('POST', path, { form: oneClick });
      expect([done.status, done.body.includes('Wiadomości wyłączone')]).toEqual([200, true]);
    }
    const suppressed = service.request(person.personId, 'badge-earned', { badge: 'click-magnet' });
    await service.quiet();
    expect(await service.delivery(suppressed)).toMatchObject({
      state: 'suppressed',
      reason: 'the person unsubscribed',
    });
    expect(await service.told(suppressed)).toEqual(['notification.failed']);
    expect(service.mailbox.received).toHaveLength(2);
  });

  it('survives a change of the person, and there is a way back', async () => {
    const person = service.engagement.person();
    service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const path = unsubscribePath();
    await service.http('POST', path, { form: oneClick });
    service.engagement.contacts.set(person.personId, { ...person, name: 'Anna Newname' });
    service.tell('person.changed', { personId: person.personId, change: 'updated' });
    await service.quiet();
    expect((await service.http('GET', path)).body).toContain('You are unsubscribed');
    await service.http('POST', `${path}/undo`, { form: new URLSearchParams() });
    service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(service.mailbox.received.at(-1)!.mail.text).toContain('Hi Anna');
    expect(service.mailbox.received).toHaveLength(2);
  });

  it('takes the multipart form of RFC 8058 and refuses a forged link', async () => {
    const person = service.engagement.person();
    service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const path = unsubscribePath();
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    expect((await service.http('POST', path, { form })).status).toBe(200);
    const forged = await service.http('POST', path.replace(person.personId, newId()), {
      form: new URLSearchParams(),
    });
    expect([forged.status, forged.body.includes('This link does not work')]).toEqual([404, true]);
  });
});

describe('a person', () => {
  it('who was erased is gone from the projection and gets nothing more', async () => {
    const person = service.engagement.person({ name: 'Forget Me' });
    service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    service.engagement.contacts.delete(person.personId);
    service.tell('person.changed', { personId: person.personId, change: 'erased' });
    await service.quiet();
    expect(await service.sql(`SELECT 1 FROM recipients WHERE name = 'Forget Me'`)).toEqual([]);
    const intent = service.request(person.personId, 'badge-earned', { badge: 'ten-shares' });
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({
      state: 'suppressed',
      reason: 'there is no such person',
    });
  });

  it.each([
    [{ active: false }, 'the person is no longer active'],
    [{ consentsMail: false }, 'the person does not consent to programme mail'],
  ])('with %j gets no mail', async (more, reason) => {
    const person = service.engagement.person(more);
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({ state: 'suppressed', reason });
    expect(service.mailbox.received).toEqual([]);
  });
});
