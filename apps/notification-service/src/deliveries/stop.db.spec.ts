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
});
