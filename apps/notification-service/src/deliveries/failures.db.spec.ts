import { describe, expect, it } from '@jest/globals';
import { useNotification } from '../../test/running-service.js';
import type { RunningService } from '../../test/running-service.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

let service: RunningService;

useNotification((started) => (service = started));

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
    // And up to a fifth more, by the id of the mail.
    await service.move(MINUTE / 5 + 1);
    expect(service.mailbox.received).toHaveLength(2);
    await service.move(6 * MINUTE);
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

  it('that was refused as there is no such mailbox is the last to this address, and to this address only', async () => {
    const person = service.engagement.person();
    service.mailbox.answers = [{ code: 550, text: `5.1.1 <${person.email}>: user unknown` }];
    service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const second = service.request(person.personId, 'badge-earned', { badge: 'ten-shares' });
    await service.quiet();
    expect(await service.delivery(second)).toMatchObject({
      state: 'suppressed',
      reason: 'suppressed: mails to this address came back for good',
    });
    const key = service.engagement.adminKey;
    const { body } = await service.http('GET', `/notification/suppressions?personId=${person.personId}`, {
      key,
    });
    expect(JSON.parse(body)).toMatchObject({ items: [{ cause: 'hard_bounce', status: '5.1.1' }] });
    expect(body).not.toContain(person.email);
  });

  it('whose person is erased while it is on its way takes no other result with it', async () => {
    const [gone, other] = [service.engagement.person(), service.engagement.person()];
    service.mailbox.onReceived = async ({ to }) => {
      if (to === gone.email)
        await service.sql('DELETE FROM recipients WHERE person_id = $1', [gone.personId]);
    };
    service.mailbox.answers = [gone, other].map(() => ({ code: 550, text: '5.1.1 user unknown' }));
    const intents = [gone, other].map(({ personId }) =>
      service.request(personId, 'badge-earned', { badge: 'first-share' }),
    );
    await service.quiet();
    for (const intent of intents)
      expect(await service.delivery(intent)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(
      await service.sql('SELECT FROM suppressions WHERE person_id = ANY($1)', [
        [gone.personId, other.personId],
      ]),
    ).toHaveLength(1);
  });

  it('that was refused for what it says, or by a full mailbox, is not the last', async () => {
    const person = service.engagement.person();
    service.mailbox.answers = [
      { code: 554, text: '5.7.1 message looks like spam' },
      { code: 552, text: '5.2.2 mailbox full' },
    ];
    for (const badge of ['first-share', 'ten-shares']) {
      service.request(person.personId, 'badge-earned', { badge });
      await service.quiet();
    }
    const third = service.request(person.personId, 'badge-earned', { badge: 'click-magnet' });
    await service.quiet();
    expect(await service.delivery(third)).toMatchObject({ state: 'sent' });
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
