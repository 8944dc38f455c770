import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import { until } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';

let service: TestService;
let neighbour: Neighbour;

useEngagement((stage) => ({ service, neighbour } = stage));

const points = async (personId: string) =>
  (await service.call('GET', `/engagement/people/${personId}/points`)).body;
const entriesOf = async (personId: string): Promise<[number, string][]> =>
  (await points(personId)).entries.map(({ points: own, reason }: { points: number; reason: string }) => [
    own,
    reason,
  ]);
const click = (personId: string, id: string): Promise<string> =>
  neighbour.tell(
    'link.clicked',
    { clickId: id, shareId: newId(), postId: newId(), personId, network: 'x', credible: true, reasons: [] },
    { id },
  );
const doubt = (personId: string, clickId: string): Promise<string> =>
  neighbour.tell('link.doubted', {
    clickId,
    shareId: newId(),
    postId: newId(),
    personId,
    network: 'x',
    reason: 'honeypot',
  });

describe('what a click has earned', () => {
  it('is taken back when the click is doubted, once, with the reason', async () => {
    const person = await addPerson(service, 'click@doubts.test');
    const id = newId();
    await click(person, id);
    await until('the click has earned', async () => (await points(person)).balance === 10);
    await doubt(person, id);
    await doubt(person, id);
    await until('it is taken back', async () => (await points(person)).balance === 0);
    await service.quiet();
    expect(await entriesOf(person)).toEqual(
      expect.arrayContaining([[-10, 'The visit is not believed any more: honeypot.']]),
    );
    expect((await entriesOf(person)).length).toBe(2);
  });

  it('is taken back also when the doubt overtakes the click', async () => {
    const person = await addPerson(service, 'early@doubts.test');
    const id = newId();
    await doubt(person, id);
    await click(person, id);
    await until('both have come', async () => (await entriesOf(person)).length === 2);
    expect((await points(person)).balance).toBe(0);
  });
});

describe('what a share has earned', () => {
  it('is taken back with the share', async () => {
    const person = await addPerson(service, 'share@doubts.test');
    const share = { shareId: newId(), postId: newId(), personId: person, network: 'linkedin' };
    await neighbour.tell('content.shared', share, { id: share.shareId });
    await until('the share has earned', async () => (await points(person)).balance === 2);
    await neighbour.tell('share.withdrawn', share);
    await until('it is taken back', async () => (await points(person)).balance === 0);
    expect(await entriesOf(person)).toContainEqual([-2, 'The share was taken back.']);
  });
});
