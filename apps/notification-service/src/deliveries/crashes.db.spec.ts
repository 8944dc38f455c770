import { describe, expect, it } from '@jest/globals';
import { Pollers } from '#libs/platform';
import { useNotification } from '../../test/running-service.js';
import type { RunningService } from '../../test/running-service.js';

const DAY = 86_400_000;

let service: RunningService;

useNotification((started) => (service = started));

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
      form: new URLSearchParams({ reason: 'she says it never came' }),
    });
    expect(answer.status).toBe(202);
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent' });
    const again = await service.http('POST', `/notification/deliveries/${id}/resend`, {
      key: service.engagement.adminKey,
      form: new URLSearchParams({ reason: 'she says it never came' }),
    });
    expect([again.status, JSON.parse(again.body).code]).toEqual([409, 'resend_refused']);
  });

  it('leaves what had waited for its digest to go out, not to wait for the next one', async () => {
    const { personId } = service.engagement.person();
    service.request(personId, 'reward-ready', { rewardName: 'Tea' });
    await service.quiet();
    await service.sql(`UPDATE recipients SET topics = '{"recognition": "digest"}' WHERE person_id = $1`, [
      personId,
    ]);
    const intent = service.request(personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({ state: 'intended', attempts: 0 });
    await service.sql(
      `UPDATE deliveries SET state = 'sending', claimed_by = 'a dead replica', claimed_at = clock_timestamp() - interval '3 minutes'
       WHERE intent_key = $1`,
      [intent],
    );
    service.app.get(Pollers).hintAll();
    await service.quiet();
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent' });
  });

  it('is not this one while the mail is still on its way, even if its lease was not renewed', async () => {
    const person = service.engagement.person();
    service.mailbox.onReceived = async () => {
      await service.sql(
        `UPDATE deliveries SET claimed_at = clock_timestamp() - interval '3 minutes' WHERE state = 'sending'`,
      );
      service.app.get(Pollers).hintAll();
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(service.mailbox.received).toHaveLength(1);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent', attempts: 1 });
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
