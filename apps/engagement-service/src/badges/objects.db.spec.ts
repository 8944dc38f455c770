import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage), { env: { PROGRAMME_DIR: 'test/programmes/stack-exchange' } });

let minute = 0;
const vote = (personId: string, objectId: string, value: number) => ({
  type: 'post.voted',
  personId,
  objectId,
  occurredAt: new Date(Date.UTC(2026, 1, 1, 0, minute++)).toISOString(),
  data: { kind: 'answer', value, own: false },
});
const accepted = (personId: string, objectId: string) => ({
  ...vote(personId, objectId, 1),
  type: 'answer.accepted',
  data: { first: true, own: false },
});
const report = async (activities: object[]): Promise<void> => {
  const { status, text } = await service.call('POST', '/engagement/activities', activities);
  if (status !== 200) throw new Error(text);
};
const badgesOf = async (personId: string): Promise<string[]> =>
  (await service.call('GET', `/engagement/people/${personId}/badges`)).body
    .map(({ badge, periodKey }: Record<string, string>) => `${badge} ${periodKey}`)
    .sort();

describe('a badge for an object', () => {
  it('is given once for each object, and told once', async () => {
    const person = await addPerson(service, 'once@objects.test');
    const [one, two] = [newId(), newId()];
    const votes = [one, two].flatMap((post) => Array.from({ length: 10 }, () => vote(person, post, 1)));
    await report(votes.slice(0, 7));
    await report(votes.slice(7));
    await report([vote(person, one, -1), vote(person, one, 1)]);
    expect(await badgesOf(person)).toEqual(
      [`nice-answer ${one}`, `nice-answer ${two}`, 'teacher all'].toSorted(),
    );
    const told = await service.query(
      `SELECT FROM outbox WHERE subject = 'laurel.evt.badge.earned' AND envelope LIKE '%nice-answer%'`,
    );
    expect(told).toHaveLength(2);
  });

  it('that asks two things of it comes with the second, though batches lie between them', async () => {
    const person = await addPerson(service, 'both@objects.test');
    const post = newId();
    await report([accepted(person, post)]);
    await report(Array.from({ length: 9 }, () => vote(person, post, 1)));
    expect(await badgesOf(person)).not.toContain(`enlightened ${post}`);
    await report([vote(person, post, 1)]);
    expect(await badgesOf(person)).toContain(`enlightened ${post}`);
  });

  it('is dated at the activity that brought it, not at the end of its batch', async () => {
    const person = await addPerson(service, 'dated@objects.test');
    const votes = Array.from({ length: 12 }, () => vote(person, newId(), 1));
    const same = votes.map((item) => ({ ...item, objectId: votes[0]!.objectId }));
    await report(same);
    const { body } = await service.call('GET', '/engagement/badges/nice-answer/awards?limit=1000');
    const award = body.find(({ personId }: { personId: string }) => personId === person);
    expect(award.earnedAt).toBe(same[9]!.occurredAt);
  });
});

describe('who has a badge', () => {
  it('is told by pages, oldest first', async () => {
    const { body: all } = await service.call('GET', '/engagement/badges/nice-answer/awards');
    const { body: first } = await service.call('GET', '/engagement/badges/nice-answer/awards?limit=2');
    const { body: rest } = await service.call(
      'GET',
      `/engagement/badges/nice-answer/awards?limit=100&after=${first[1].id}`,
    );
    expect(all.length).toBeGreaterThan(3);
    expect([...first, ...rest]).toEqual(all);
  });

  it('is not told of a badge the programme does not have', async () => {
    expect((await service.call('GET', '/engagement/badges/none/awards')).status).toBe(404);
  });
});
