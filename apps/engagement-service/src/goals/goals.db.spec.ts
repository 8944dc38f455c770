import { describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

const told = async (): Promise<
  { months: number; goals: { id: string; value: number; reached: boolean }[] }[]
> => {
  const rows = await service.query<{ data: never }>(
    `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE subject = 'laurel.evt.goals.due' ORDER BY seq`,
  );
  return rows.map(({ data }) => data);
};

describe('goals', () => {
  it('count from the launch, which is noted once', async () => {
    expect((await service.call('GET', '/engagement/goals')).body[0]).toMatchObject({
      value: null,
      dueAt: null,
    });
    const first = await service.call('POST', '/engagement/programme/launch');
    await service.moveTo('2026-03-05T08:00:00Z');
    const second = await service.call('POST', '/engagement/programme/launch');
    const audit = await service.call('GET', '/engagement/audit?what=programme');
    expect(audit.body).toMatchObject([{ action: 'launch', after: { at: '2026-03-02T08:00:00.000Z' } }]);
    expect([first.body.at, second.body.at]).toEqual(['2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z']);
    expect((await service.call('GET', '/engagement/goals')).body[0]).toMatchObject({
      id: 'first-shares',
      value: 0,
      dueAt: '2026-04-02T07:00:00.000Z', // 09:00 in Rome, which has summer time by then
    });
  });

  it('are told on the day they fall due, with how far they have come, and once', async () => {
    const personId = await addPerson(service, 'goal@goals.test');
    await service.call('POST', '/engagement/activities', { type: 'training.attended', personId });
    await service.moveTo('2026-04-02T06:59:00Z');
    expect(await told()).toEqual([]);
    await service.moveTo('2026-06-02T08:00:00Z');
    await service.moveTo('2026-06-03T08:00:00Z');
    const reviews = await told();
    expect(reviews.map(({ months }) => months)).toEqual([1, 3]);
    expect(reviews[1]!.goals).toContainEqual(
      expect.objectContaining({ id: 'first-trainings', value: 1, reached: false }),
    );
  });
});
