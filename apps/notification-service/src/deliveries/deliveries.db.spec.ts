import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { START, useNotification } from '../../test/running-service.js';
import type { RunningService } from '../../test/running-service.js';

let service: RunningService;

useNotification((started) => (service = started));

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
