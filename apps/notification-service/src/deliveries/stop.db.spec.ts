import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningService } from '../../test/running-service.js';

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.close());

describe('while the programme is stopped', () => {
  it('no mail leaves, and none is lost; a stop that comes after its resumption changes nothing', async () => {
    const person = service.engagement.person();
    service.tell('programme.stopped', { stopped: true, revision: 1 });
    await service.quiet();
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    expect(service.mailbox.received).toEqual([]);
    expect(await service.delivery(intent)).toMatchObject({ state: 'intended', attempts: 0 });
    service.tell('programme.stopped', { stopped: false, revision: 3 });
    service.tell('programme.stopped', { stopped: true, revision: 2 });
    await service.quiet();
    expect(service.mailbox.received.map(({ to }) => to)).toEqual([person.email]);
    expect(await service.delivery(intent)).toMatchObject({ state: 'sent', attempts: 1 });
  });

  it('what waits for a slow server is held back as well', async () => {
    service.mailbox.received.length = 0;
    service.mailbox.onReceived = () => new Promise((resolve) => setTimeout(resolve, 150));
    for (let number = 0; number < 40; number++) {
      const { personId } = service.engagement.person();
      service.request(personId, 'badge-earned', { badge: 'first-share' });
    }
    while (service.mailbox.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    service.tell('programme.stopped', { stopped: true, revision: 4 });
    await service.quiet();
    expect(service.mailbox.received.length).toBeLessThan(30);
    service.tell('programme.stopped', { stopped: false, revision: 5 });
    await service.quiet();
    expect(service.mailbox.received).toHaveLength(40);
    expect(await service.sql(`SELECT FROM deliveries WHERE state = 'sent' AND attempts = 1`)).toHaveLength(
      41,
    );
  });
});
