import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, pageHeaders } from '#libs/platform';
import { RunningService, START } from '../../test/running-service.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.close());
afterEach(() => {
  service.mailbox.answers = [];
  service.mailbox.received.length = 0;
  service.mailbox.onReceived = async () => {};
});

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

describe('a requested mail', () => {
  it('arrives once, however often it is requested', async () => {
    const person = service.engagement.person();
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    service.request(person.personId, 'badge-earned', { badge: 'first-share' }, intent);
    await service.quiet();
    service.request(person.personId, 'badge-earned', { badge: 'first-share' }, intent);
    await service.quiet();
    expect(service.mailbox.received.map(({ to }) => to)).toEqual([person.email]);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent', attempts: 1, reason: null });
    expect(await service.told(intent)).toEqual(['notification.sent']);
  });

  it('is in the language of its recipient, dated by the clock, and says how to unsubscribe', async () => {
    const person = service.engagement.person({ locale: 'it-CH', name: 'Zoë Müller' });
    service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const { mail } = service.mailbox.received[0]!;
    expect(mail.subject).toBe('Un nuovo badge: Prima condivisione');
    expect(mail.text).toContain('Ciao Zoë,');
    expect(mail.date).toEqual(service.now());
    expect(mail.from?.value[0]).toMatchObject({
      address: 'voices@northwind.example',
      name: 'Northwind Voices',
    });
    expect(unfolded()).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(unfolded()).toContain('Auto-Submitted: auto-generated');
    expect(unfolded()).toContain('X-Laurel-Template: badge-earned');
    expect(unfolded()).toMatch(/^List-Id: <voices\.northwind\.example>/im);
    expect(service.now()).toEqual(START);
  });

  it('names the people of a board, except who does not want to be named', async () => {
    const me = service.engagement.person({ name: 'Grace Okafor', consentsRanking: false });
    const shy = service.engagement.person({ name: 'Shy Person', consentsRanking: false });
    const evil = service.engagement.person({ name: '<script>alert(1)</script>' });
    const top = [evil, shy, me].map(({ personId }, index) => ({
      personId,
      rank: index + 1,
      score: 30 - index,
    }));
    service.request(me.personId, 'weekly-leaderboard', {
      board: 'b',
      periodKey: '2026-W01',
      rank: 3,
      participants: 3,
      top,
    });
    await service.quiet();
    const { html, text } = service.mailbox.received[0]!.mail;
    expect(text).toContain('2. A colleague');
    expect(text).toContain('3. Grace Okafor (you)');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script');
    expect(`${String(html)}${String(text)}`).not.toContain('Shy Person');
  });

  it('carries the first-login link, which no table and no event holds', async () => {
    const person = service.engagement.person();
    const invitationId = newId();
    const url = 'http://engagement.example/engagement/join/secret-token';
    service.engagement.links.set(invitationId, url);
    const intent = service.request(person.personId, 'invite', { invitationId });
    await service.quiet();
    expect(service.mailbox.received[0]!.mail.text).toContain(url);
    const rows = await service.sql(
      'SELECT to_jsonb(d) AS row FROM deliveries d UNION ALL SELECT to_jsonb(o) FROM outbox o',
    );
    expect(JSON.stringify(rows)).not.toContain('secret-token');
    expect(JSON.stringify(rows)).not.toContain(person.email);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent' });
  });

  it('is not sent when its invitation was accepted or has expired meanwhile', async () => {
    const person = service.engagement.person();
    // The engagement service leaves out the link of such an invitation.
    const intent = service.request(person.personId, 'invite-reminder', { invitationId: newId() });
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({
      state: 'suppressed',
      reason: 'the invitation is accepted or has expired',
    });
    expect(await service.told(intent)).toEqual(['notification.failed']);
    expect(service.mailbox.received).toEqual([]);
  });

  it('is one question for a batch of mails', async () => {
    const people = Array.from({ length: 50 }, () => service.engagement.person());
    const before = service.engagement.asked['people.contacts'] ?? 0;
    for (const { personId } of people) service.request(personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(service.mailbox.received).toHaveLength(50);
    expect((service.engagement.asked['people.contacts'] ?? 0) - before).toBeLessThan(10);
  });
});

describe('a mail that is not taken', () => {
  it('is tried again on the clock after a 4xx', async () => {
    const person = service.engagement.person();
    service.mailbox.answers = [
      { code: 451, text: 'try again later' },
      { code: 421, text: 'too many connections' },
    ];
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({ state: 'intended', attempts: 1 });
    await service.move(MINUTE - 1);
    expect(service.mailbox.received).toHaveLength(1);
    await service.move(1);
    expect(service.mailbox.received).toHaveLength(2);
    await service.move(5 * MINUTE);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent', attempts: 3 });
    expect(new Set(service.mailbox.received.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('is given up after six attempts', async () => {
    const person = service.engagement.person();
    service.mailbox.answers = Array.from({ length: 9 }, () => ({ code: 450, text: 'mailbox busy' }));
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    for (let hour = 0; hour < 12; hour++) await service.move(60 * MINUTE);
    expect(service.mailbox.received).toHaveLength(6);
    expect(await service.delivery(intent)).toMatchObject({ state: 'failed', attempts: 6 });
  });

  it('is never tried again after a 5xx, and the reason names no address', async () => {
    const person = service.engagement.person();
    service.mailbox.answers = [{ code: 550, text: `no such user <${person.email}>` }];
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    await service.move(30 * DAY);
    expect(service.mailbox.received).toHaveLength(1);
    const { state, reason } = await service.delivery(intent);
    expect(state).toBe('failed');
    expect(reason).toContain('550');
    expect(reason).not.toContain(person.email);
    expect(await service.told(intent)).toEqual(['notification.failed']);
  });

  it('is repeated once with the same Message-ID when the connection breaks after its end, then left as ambiguous', async () => {
    const person = service.engagement.person();
    service.mailbox.answers = ['drop', 'drop', 'accept'];
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    await service.move(30 * DAY);
    expect(service.mailbox.received).toHaveLength(2);
    expect(new Set(service.mailbox.received.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await service.delivery(intent)).toMatchObject({ state: 'ambiguous' });
  });

  it('fails when data is missing or a name could smuggle headers, and the rest of the batch goes out', async () => {
    const good = service.engagement.person();
    const evil = service.engagement.person({ name: 'Eve\r\nBcc: victim@people.example' });
    const incomplete = service.request(good.personId, 'weekly-leaderboard', {});
    const smuggling = service.request(evil.personId, 'badge-earned', { badge: 'first-share' });
    const unknown = service.request(good.personId, 'no-such-template', {});
    const fine = service.request(good.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect((await service.delivery(incomplete)).reason).toContain(
      'what {{#if rank}} reads is not in the data',
    );
    expect((await service.delivery(smuggling)).reason).toContain('line break');
    expect((await service.delivery(unknown)).reason).toContain('There is no template');
    expect(await service.delivery(fine)).toMatchObject({ state: 'sent' });
    expect(service.mailbox.received).toHaveLength(1);
  });
});

describe('a process that dies between claim and result', () => {
  /** What a crash leaves: the mail is out, the row is in flight, its owner is gone and its lease has run out. */
  const crashAfterSending = async (): Promise<void> => {
    await service.sql(
      `UPDATE deliveries SET claimed_by = 'a dead replica', claimed_at = clock_timestamp() - interval '3 minutes' WHERE state = 'sending'`,
    );
  };

  it('leads to exactly one repeat with the same Message-ID', async () => {
    const person = service.engagement.person();
    service.mailbox.onReceived = async () => {
      service.mailbox.onReceived = async () => {};
      await crashAfterSending();
    };
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    await service.move(DAY);
    expect(service.mailbox.received).toHaveLength(2);
    expect(new Set(service.mailbox.received.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(await service.told(intent)).toEqual(['notification.sent']);
  });

  it('leaves an ambiguous delivery when the repeat dies as well; an administrator can send it again', async () => {
    const person = service.engagement.person();
    service.mailbox.onReceived = crashAfterSending;
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    await service.move(DAY);
    expect(service.mailbox.received).toHaveLength(2);
    const { id, state } = await service.delivery(intent);
    expect(state).toBe('ambiguous');
    service.mailbox.onReceived = async () => {};
    const answer = await service.http('POST', `/notification/deliveries/${id}/resend`, {
      key: service.engagement.adminKey,
    });
    expect(answer.status).toBe(202);
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent' });
    const again = await service.http('POST', `/notification/deliveries/${id}/resend`, {
      key: service.engagement.adminKey,
    });
    expect([again.status, JSON.parse(again.body).code]).toEqual([409, 'resend_refused']);
  });

  it('does not touch a delivery whose owner is still within its lease', async () => {
    const person = service.engagement.person();
    service.mailbox.onReceived = async () => {
      await service.sql(`UPDATE deliveries SET claimed_by = 'a living replica' WHERE state = 'sending'`);
    };
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    await service.move(DAY);
    expect(service.mailbox.received).toHaveLength(1);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sending' });
    await service.sql(`DELETE FROM deliveries WHERE state = 'sending'`);
  });
});

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

describe('REST', () => {
  it('lists, counts and tells the timeline of deliveries, for keys only', async () => {
    const person = service.engagement.person();
    const { adminKey: key } = service.engagement;
    const intents = ['first-share', 'ten-shares', 'click-magnet'].map((badge) =>
      service.request(person.personId, 'badge-earned', { badge }),
    );
    await service.quiet();
    expect((await service.http('GET', '/notification/deliveries')).status).toBe(401);
    const first = JSON.parse(
      (await service.http('GET', `/notification/deliveries?personId=${person.personId}&limit=2`, { key }))
        .body,
    );
    const rest = JSON.parse(
      (
        await service.http(
          'GET',
          `/notification/deliveries?personId=${person.personId}&limit=2&after=${first.next}`,
          { key },
        )
      ).body,
    );
    const listed = [...first.items, ...rest.items].map(({ intentKey }) => intentKey);
    expect(new Set(listed)).toEqual(new Set(intents));
    expect(rest.next).toBeNull();
    const one = JSON.parse(
      (await service.http('GET', `/notification/deliveries/${first.items[0].id}`, { key })).body,
    );
    expect(one.timeline.map(({ state }: { state: string }) => state)).toEqual([
      'intended',
      'sending',
      'sent',
    ]);
    const summary = JSON.parse((await service.http('GET', '/notification/deliveries/summary', { key })).body);
    expect(summary).toContainEqual({ template: 'badge-earned', state: 'sent', count: expect.any(Number) });
    expect((await service.http('GET', '/notification/deliveries?limit=0', { key })).status).toBe(400);
    expect((await service.http('GET', `/notification/deliveries/${newId()}`, { key })).status).toBe(404);
  });

  it('shows templates and their previews', async () => {
    const { adminKey: key } = service.engagement;
    const list: { id: string; locales: string[] }[] = JSON.parse(
      (await service.http('GET', '/notification/templates', { key })).body,
    );
    expect(list.find(({ id }) => id === 'invite')!.locales).toEqual(['en', 'it', 'ms', 'pl']);
    const text = await service.http('GET', '/notification/templates/invite/preview?locale=ms&part=text', {
      key,
    });
    expect(text.body).toContain('Anda dijemput');
    const html = await service.http('GET', '/notification/templates/invite/preview?locale=de', { key });
    expect(html.body).toContain('<html lang="en"');
    expect((await service.http('GET', '/notification/templates/nope/preview', { key })).status).toBe(404);
  });
});
