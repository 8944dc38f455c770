import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { RunningService } from '../../test/running-service.js';
import { handOver, reportOf } from '../../test/returned.js';
import { BounceListener } from './bounces.listener.js';

let service: RunningService;
let port: number;
beforeAll(async () => {
  const more = { BOUNCE_DOMAIN: 'bounces.example', BOUNCE_SMTP_PORT: '0', BOUNCE_SMTP_HOST: '127.0.0.1' };
  service = await RunningService.start(undefined, more);
  port = service.app.get(BounceListener).port!;
});
afterAll(() => service.close());

interface Answer {
  status: number;
  body: { id: string; code?: string; items: { id: string; inForce: boolean }[] } & Record<string, unknown>;
}

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const url = new URL(`/notification/suppressions${path}`, await service.app.getUrl());
  const headers = {
    authorization: `Bearer ${service.engagement.adminKey}`,
    'content-type': 'application/json',
  };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

async function sendTo(personId: string): Promise<{ state: string; intent: string }> {
  const intent = service.request(personId, 'badge-earned', { badge: 'first-share' });
  await service.quiet();
  return { ...(await service.delivery(intent)), intent };
}

describe('the suppression list', () => {
  it('goes from a bounce by SMTP to a mail that is not sent, and by a release back to one that is', async () => {
    const person = service.engagement.person();
    await sendTo(person.personId);
    const mail = service.mailbox.received.at(-1)!;
    await handOver(port, mail.from, reportOf(mail));
    await service.quiet();
    expect(await sendTo(person.personId)).toMatchObject({ state: 'suppressed' });

    const { body } = await call('GET', `?email=${encodeURIComponent(person.email.toUpperCase())}`);
    expect(body.items).toMatchObject([
      { personId: person.personId, cause: 'hard_bounce', status: '5.1.1', addedBy: 'bounces', inForce: true },
    ]);
    expect(JSON.stringify(body)).not.toContain(person.email);
    const { id } = body.items[0]!;
    const released = await call('POST', `/${id}/release`, { reason: 'IT made the mailbox anew' });
    expect(released).toMatchObject({
      status: 200,
      body: { inForce: false, releasedBy: 'test', releaseReason: 'IT made the mailbox anew' },
    });
    expect(await sendTo(person.personId)).toMatchObject({ state: 'sent' });
    const twice = await call('POST', `/${id}/release`, { reason: 'once more' });
    expect([twice.status, twice.body.code]).toEqual([409, 'already_released']);
    expect((await call('GET', `?personId=${person.personId}&standing=true`)).body.items).toEqual([]);
  });

  it('suppresses again when a mail after the release comes back', async () => {
    const person = service.engagement.person();
    for (let round = 0; round < 2; round++) {
      expect(await sendTo(person.personId)).toMatchObject({ state: 'sent' });
      const mail = service.mailbox.received.at(-1)!;
      await handOver(port, mail.from, reportOf(mail));
      const { body } = await call('GET', `?personId=${person.personId}&standing=true`);
      expect(body.items).toHaveLength(1);
      await call('POST', `/${body.items[0]!.id}/release`, { reason: 'perhaps now' });
    }
  });

  it('ends with a new address, whose bounces are its own', async () => {
    const person = service.engagement.person();
    await sendTo(person.personId);
    const mail = service.mailbox.received.at(-1)!;
    await handOver(port, mail.from, reportOf(mail));
    service.engagement.contacts.set(person.personId, { ...person, email: 'renamed@people.example' });
    service.tell('person.changed', { personId: person.personId, change: 'updated' });
    await service.quiet();
    expect(await sendTo(person.personId)).toMatchObject({ state: 'sent' });
    const { body } = await call('GET', `?personId=${person.personId}`);
    expect(body.items).toMatchObject([{ inForce: false, releasedAt: null }]);
  });

  it('takes persons by hand, once, whatever address they have', async () => {
    const person = service.engagement.person();
    const reason = 'asked HR on the phone';
    const added = await call('POST', '', { personId: person.personId, reason });
    expect(added).toMatchObject({
      status: 201,
      body: { cause: 'by_hand', reason, addedBy: 'test', inForce: true },
    });
    expect(await call('POST', '', { personId: person.personId, reason })).toMatchObject({ status: 409 });
    expect(await sendTo(person.personId)).toMatchObject({ state: 'suppressed' });
    expect(await call('POST', '', { personId: newId(), reason })).toMatchObject({ status: 404 });
    expect(await call('POST', '', { personId: person.personId, reason: ' ' })).toMatchObject({ status: 400 });
  });

  it('forgets who is erased', async () => {
    const person = service.engagement.person();
    await sendTo(person.personId);
    const mail = service.mailbox.received.at(-1)!;
    await handOver(port, mail.from, reportOf(mail));
    service.engagement.contacts.delete(person.personId);
    service.tell('person.changed', { personId: person.personId, change: 'erased' });
    await service.quiet();
    expect(await service.sql('SELECT 1 FROM suppressions WHERE person_id = $1', [person.personId])).toEqual(
      [],
    );
    expect(await service.sql('SELECT 1 FROM bounces WHERE person_id = $1', [person.personId])).toEqual([]);
  });
});

describe('the SMTP listener', () => {
  it('takes nothing for addresses it did not sign, and relays nothing', async () => {
    const foreign = [
      'somebody@elsewhere.example',
      'postmaster@bounces.example',
      `bounces+${'0'.repeat(32)}-${'0'.repeat(16)}@bounces.example`,
    ];
    for (const to of foreign)
      await expect(handOver(port, to, 'Subject: x\r\n\r\nx')).rejects.toMatchObject({ responseCode: 550 });
  });

  it('refuses a mail that is too long, and stays', async () => {
    const person = service.engagement.person();
    await sendTo(person.personId);
    const { from } = service.mailbox.received.at(-1)!;
    const long = `Subject: x\r\n\r\n${'x'.repeat(998).concat('\r\n').repeat(5_400)}`;
    await expect(handOver(port, from, long)).rejects.toMatchObject({ responseCode: 552 });
    await handOver(port, from.toUpperCase(), 'Subject: Hello\r\n\r\nOnly a note.');
    const kinds = await service.sql<{ kind: string }>('SELECT kind FROM bounces ORDER BY seq DESC LIMIT 1');
    expect(kinds).toEqual([{ kind: 'other' }]);
  });
});
