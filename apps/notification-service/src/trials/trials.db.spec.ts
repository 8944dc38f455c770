import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningService } from '../../test/running-service.js';

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.close());

const send = (template: string, body: object) => post(`/notification/templates/${template}/test`, body);

async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const url = new URL(path, await service.app.getUrl());
  const headers = {
    authorization: `Bearer ${service.engagement.adminKey}`,
    'content-type': 'application/json',
  };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('a test of a template', () => {
  it('is in the mailbox at once, in the language of its reader, and says that it is one', async () => {
    const { personId, email } = service.engagement.person({ locale: 'it' });
    const { status, body } = await send('badge-earned', { personId });
    expect([status, body['state'], body['locale']]).toEqual([200, 'sent', 'it']);
    const { to, mail } = service.mailbox.received.at(-1)!;
    expect(to).toBe(email);
    expect(mail.subject).toMatch(/^\[Test\] Un nuovo badge: /);
    expect(mail.headers.get('x-laurel-test')).toBe('true');
  });

  it('is no delivery, so it counts against no limit', async () => {
    expect(await service.sql('SELECT 1 FROM deliveries')).toEqual([]);
  });

  it('can be written in another language', async () => {
    const { personId } = service.engagement.person();
    const { body } = await send('badge-earned', { personId, locale: 'pl' });
    expect(body['locale']).toBe('pl');
  });

  it('tells when the mail server does not take it', async () => {
    const { personId } = service.engagement.person();
    service.mailbox.answers.push({ code: 554, text: 'no' });
    const { status, body } = await send('badge-earned', { personId });
    expect([status, body['state'], body['reason']]).toEqual([200, 'failed', expect.stringContaining('554')]);
  });

  it('goes to nobody who wants no mails, and to nobody unknown', async () => {
    const { personId } = service.engagement.person({ consentsMail: false });
    const refused = await send('badge-earned', { personId });
    expect([refused.status, refused.body['code']]).toEqual([409, 'trial_refused']);
    const suppressed = service.engagement.person();
    await post('/notification/suppressions', { personId: suppressed.personId, reason: 'she asked for it' });
    const { status, body } = await send('badge-earned', { personId: suppressed.personId });
    expect([status, body['detail']]).toEqual([
      409,
      expect.stringContaining('an administrator suppressed it'),
    ]);
    const nobody = await send('badge-earned', { personId: '00000000-0000-7000-8000-000000000000' });
    expect([nobody.status, nobody.body['code']]).toEqual([404, 'person_unknown']);
  });
});
