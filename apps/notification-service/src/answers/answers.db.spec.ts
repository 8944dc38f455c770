import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningService } from '../../test/running-service.js';

const DAY = 86_400_000;
let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.close());

interface Asked {
  askId: string;
  personId: string;
  email: string;
  approve: string;
  reject: string;
}

/** Asks somebody for a decision; returns the question's id and the paths of the two links of the mail. */
async function ask(days = 2): Promise<Asked> {
  const { personId, email } = service.engagement.person();
  const claimant = service.engagement.person({ name: 'Marek Zielony' });
  const expiresAt = new Date(service.now().getTime() + days * DAY).toISOString();
  const data = { rewardName: 'A day off', price: 500, claimantPersonId: claimant.personId };
  const answers = { options: ['approve', 'reject'], expiresAt };
  const askId = service.ask(personId, 'reward-approval', data, answers);
  await service.quiet();
  const mail = mailTo(email);
  const [approve, reject] = [...mail.text.matchAll(/\/notification\/answers\/\S+/g)].map(([path]) => path);
  return { askId, personId, email, approve: approve!, reject: reject! };
}

/** The last mail to an address. */
function mailTo(email: string): { text: string; html: string } {
  const { mail } = service.mailbox.received.filter(({ to }) => to === email).at(-1)!;
  return { text: mail.text ?? '', html: mail.html || '' };
}

const given = async (askId: string): Promise<object[]> => {
  const rows = await service.sql<{ data: object }>(
    `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE envelope::jsonb->'data'->>'askId' = $1`,
    [askId],
  );
  return rows.map(({ data }) => data);
};

describe('a question in a mail', () => {
  it('has a button for each answer, named in the language of the reader', async () => {
    const { email } = await ask();
    const mail = mailTo(email);
    expect(mail.html).toContain('>Approve</a');
    expect(mail.html).toContain('>Decline</a');
    expect(mail.text).toContain('Marek Zielony');
  });

  it('is answered by nobody who only looks at the links, as scanners do', async () => {
    const { askId, approve, reject } = await ask();
    for (const path of [approve, reject]) {
      expect((await service.http('GET', path)).body).toContain('Is this your answer?');
      expect((await service.http('HEAD', path)).status).toBe(200);
    }
    expect(await given(askId)).toEqual([]);
  });

  it('counts one confirmed answer, once, and keeps the first', async () => {
    const { askId, personId, approve, reject } = await ask();
    for (const path of [approve, approve, reject]) {
      const { status, body } = await service.http('POST', path);
      expect([status, body.includes('your answer counts'), body.includes('Approve')]).toEqual([
        200,
        true,
        true,
      ]);
    }
    expect(await given(askId)).toEqual([{ askId, personId, answer: 'approve' }]);
    expect((await service.http('GET', reject)).body).toContain('This is what we have noted');
  });

  it('offers the other answers on the page, for who touched the wrong one', async () => {
    const { askId, approve, reject } = await ask();
    const page = (await service.http('GET', approve)).body;
    const other = /href="([^"]+)"/.exec(page)![1]!;
    expect(approve.slice(0, approve.lastIndexOf('/') + 1) + other).toBe(reject);
    await service.http('POST', reject);
    expect(await given(askId)).toMatchObject([{ answer: 'reject' }]);
  });

  it('cannot be answered when its time is over, and says so kindly', async () => {
    const { askId, approve } = await ask(1);
    await service.move(2 * DAY);
    const { status, body } = await service.http('POST', approve);
    expect([status, body.includes('The time to answer is over')]).toEqual([410, true]);
    expect(await given(askId)).toEqual([]);
  });

  it('knows a link that was made up', async () => {
    const { askId, approve } = await ask();
    const forged = approve.replace(/~0/, '~1');
    expect((await service.http('POST', forged)).status).toBe(404);
    expect(await given(askId)).toEqual([]);
  });
});

describe('an anonymous question', () => {
  it('keeps that it was answered, not what, and still counts once', async () => {
    const { personId, email } = service.engagement.person();
    const expiresAt = new Date(service.now().getTime() + DAY).toISOString();
    const options = ['0', '10'];
    const askId = service.ask(
      personId,
      'survey-enps',
      { reminder: 0 },
      { options, expiresAt, anonymous: true },
    );
    await service.quiet();
    const paths = [...mailTo(email).text.matchAll(/\/notification\/answers\/\S+/g)].map(([path]) => path);
    for (const path of [paths[1]!, paths[0]!]) expect((await service.http('POST', path)).status).toBe(200);
    expect(await given(askId)).toEqual([{ askId, personId, answer: '10' }]);
    const kept = await service.sql<{ answer: string }>(
      `SELECT answer FROM answers JOIN deliveries ON id = delivery_id WHERE person_id = $1`,
      [personId],
    );
    expect(kept).toEqual([{ answer: '' }]);
  });
});

describe('a pause', () => {
  it('begins with the button of the page, holds for 30 days, is told, and can be ended', async () => {
    const { personId, email } = service.engagement.person();
    service.request(personId, 'dormant-advocate', { days: 30 });
    await service.quiet();
    const path = /\/notification\/pause\/\S+/.exec(mailTo(email).text)![0];
    expect((await service.http('GET', path)).body).toContain('Take a break for 30 days?');
    expect((await service.http('POST', path)).body).toContain('Your break has begun');
    const held = service.request(personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(await service.delivery(held)).toMatchObject({ state: 'suppressed' });
    await service.move(31 * DAY);
    const sent = service.request(personId, 'badge-earned', { badge: 'ten-shares' });
    await service.quiet();
    expect(await service.delivery(sent)).toMatchObject({ state: 'sent' });
    expect((await service.http('POST', `${path}/undo`)).body).toContain('Good to have you back');
    const told = await service.sql<{ until: string | null }>(
      `SELECT envelope::jsonb->'data'->>'until' AS until FROM outbox WHERE envelope::jsonb->>'type' = 'recipient.paused' ORDER BY seq`,
    );
    expect(told.map(({ until }) => until !== null)).toEqual([true, false]);
  });
});
