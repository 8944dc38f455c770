import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningService } from '../../test/running-service.js';
import type { Received } from '../../test/mailbox.js';
import { complaintOf, reportOf } from '../../test/returned.js';

const DAY = 86_400_000;
let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start(undefined, {
    BOUNCE_DOMAIN: 'bounces.example',
    BOUNCE_SOFT_LIMIT: '2',
  });
});
afterAll(() => service.close());
afterEach(() => void (service.mailbox.received.length = 0));

const key = (): string => service.engagement.adminKey;

/** Sends a mail and returns it as the recipient's server got it. */
async function sent(
  person = service.engagement.person(),
): Promise<Received & { intent: string; personId: string }> {
  const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
  await service.quiet();
  const received = service.mailbox.received.findLast(({ to }) => to === person.email)!;
  return { ...received, intent, personId: person.personId };
}

async function hand(
  raw: string,
  type = 'message/rfc822',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const url = new URL('/notification/bounces', await service.app.getUrl());
  const headers = { authorization: `Bearer ${key()}`, 'content-type': type };
  const answer = await fetch(url, { method: 'POST', headers, body: raw });
  await service.quiet();
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function stateOfNext(personId: string): Promise<{ state: string; reason: string | null }> {
  const intent = service.request(personId, 'badge-earned', { badge: 'ten-shares' });
  await service.quiet();
  return service.delivery(intent);
}

describe('a mail that came back for good', () => {
  it('suppresses its address, stands in the timeline and is told once, however often it comes', async () => {
    const mail = await sent();
    expect(mail.from).toMatch(/^bounces\+[0-9a-f]{32}-[0-9a-f]{16}@bounces\.example$/);
    const report = reportOf(mail, { diagnostic: `550 5.1.1 <${mail.to}> User unknown` });
    expect(await hand(report)).toEqual({
      status: 202,
      body: { kind: 'hard', matched: true, duplicate: false, suppressed: true },
    });
    expect((await hand(report)).body).toMatchObject({ duplicate: true });
    expect((await hand(report.replace('at host', 'on host'))).body).toMatchObject({ duplicate: true });
    expect(await service.told(mail.intent)).toEqual(['notification.sent', 'notification.bounced']);
    expect(await stateOfNext(mail.personId)).toMatchObject({
      state: 'suppressed',
      reason: 'suppressed: mails to this address came back for good',
    });
    const { id } = await service.delivery(mail.intent);
    const { body } = await service.http('GET', `/notification/deliveries/${id}`, { key: key() });
    expect(body).toContain('hard: 550 5.1.1 <(address)> User unknown');
  });

  it('is recognised by its Message-ID when the return path was lost, if it names the address', async () => {
    const mail = await sent();
    const elsewhere = { from: 'voices@northwind.example', to: mail.to };
    const head = `Message-ID: ${mail.messageId}`;
    const other = reportOf({ ...elsewhere, to: 'somebody@else.example' }, {}, head);
    expect((await hand(other)).body).toMatchObject({ matched: true, suppressed: false });
    const again = await sent(service.engagement.person());
    const good = reportOf({ ...elsewhere, to: again.to }, {}, `Message-ID: ${again.messageId}`);
    expect((await hand(good)).body).toMatchObject({ matched: true, suppressed: true });
  });

  it('is found when it was a digest, by its return path and by its Message-ID', async () => {
    for (const lost of [false, true]) {
      const person = service.engagement.person();
      service.tell('programme.stopped', { stopped: true, revision: lost ? 3 : 1 });
      await service.quiet();
      for (const badge of ['first-share', 'ten-shares'])
        service.request(person.personId, 'badge-earned', { badge });
      await service.quiet();
      service.tell('programme.stopped', { stopped: false, revision: lost ? 4 : 2 });
      await service.quiet();
      const mail = service.mailbox.received.findLast(({ to }) => to === person.email)!;
      expect(mail.mail.subject).toMatch(/^Your digest: 2 /);
      const returned = lost ? { from: 'voices@northwind.example', to: mail.to } : mail;
      const report = reportOf(returned, {}, lost ? `Message-ID: ${mail.messageId}` : undefined);
      expect((await hand(report)).body).toMatchObject({ matched: true, suppressed: true });
      const noted = await service.sql(
        `SELECT FROM delivery_events e JOIN deliveries d ON d.id = e.delivery_id
         WHERE d.person_id = $1 AND d.bundle = d.id AND e.state = 'bounced'`,
        [person.personId],
      );
      expect(noted).toHaveLength(1);
    }
  });

  it('says nothing of an address the person got since', async () => {
    const person = service.engagement.person();
    const mail = await sent(person);
    service.engagement.contacts.set(person.personId, { ...person, email: 'new.address@people.example' });
    service.tell('person.changed', { personId: person.personId, change: 'updated' });
    await service.quiet();
    expect((await hand(reportOf(mail))).body).toMatchObject({ matched: true, suppressed: false });
    expect(await stateOfNext(person.personId)).toMatchObject({ state: 'sent' });
  });
});

describe('a forged bounce', () => {
  it.each([
    [
      'with a return path of another signature',
      (from: string) => from.replace(/.(?=@)/, (c) => (c === '0' ? '1' : '0')),
    ],
    ['to the sender of the programme', () => 'voices@northwind.example'],
    ['to another domain', (from: string) => from.replace('@bounces.example', '@elsewhere.example')],
  ])('%s suppresses nobody', async (_, forge) => {
    const mail = await sent();
    const { body } = await hand(reportOf({ from: forge(mail.from), to: mail.to }));
    expect(body).toMatchObject({ kind: 'hard', matched: false, suppressed: false });
    expect(await stateOfNext(mail.personId)).toMatchObject({ state: 'sent' });
  });
});

describe('a mail that came back for now', () => {
  it('suppresses an address when it happens too often, and delays do not count', async () => {
    const person = service.engagement.person();
    const full = { status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' };
    const first = await sent(person);
    const waiting = { action: 'delayed', status: '4.4.1', diagnostic: 'connection timed out' };
    expect((await hand(reportOf(first, waiting))).body).toMatchObject({ kind: 'soft', suppressed: false });
    expect((await hand(reportOf(first, full))).body).toMatchObject({ kind: 'soft', suppressed: false });
    const second = await sent(person);
    expect((await hand(reportOf(second, full))).body).toMatchObject({ suppressed: true });
    await service.move(8 * DAY);
    expect(await stateOfNext(person.personId)).toMatchObject({
      reason: 'suppressed: too many mails to this address came back',
    });
  });
});

describe('what else comes to a return path', () => {
  it('unsubscribes who complained, and tells it', async () => {
    const mail = await sent();
    expect((await hand(complaintOf(mail))).body).toMatchObject({ kind: 'complaint', suppressed: true });
    expect(await stateOfNext(mail.personId)).toMatchObject({
      state: 'suppressed',
      reason: 'the person unsubscribed',
    });
    const told = await service.sql<{ data: object }>(
      `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE envelope::jsonb->>'type' = 'recipient.unsubscribed'`,
    );
    expect(told.map(({ data }) => data)).toEqual([{ personId: mail.personId, subscribed: false }]);
  });

  it('notes automatic replies and does nothing about them', async () => {
    const mail = await sent();
    const reply = `From: ${mail.to}\r\nTo: ${mail.from}\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n`;
    expect((await hand(reply)).body).toMatchObject({ kind: 'auto-reply', matched: true, suppressed: false });
    expect(await service.told(mail.intent)).toEqual(['notification.sent']);
    expect(await stateOfNext(mail.personId)).toMatchObject({ state: 'sent' });
  });

  it('is refused when it is no mail', async () => {
    expect(await hand('{}', 'application/json')).toMatchObject({
      status: 415,
      body: { code: 'mail_needed' },
    });
  });

  it('is kept without names and addresses', async () => {
    const mail = await sent();
    await hand(reportOf(mail, { diagnostic: `550 5.1.1 <${mail.to}>: no such user` }));
    const rows = await service.sql(
      `SELECT to_jsonb(b) FROM bounces b UNION ALL SELECT to_jsonb(s) FROM suppressions s`,
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toMatch(/@people\.example/);
  });
});
