import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson, programmeWith, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import type { NewActivity } from '../activities/activities.service.js';

const folder = programmeWith({});
appendFileSync(
  join(folder, 'badges.yaml'),
  `
- id: everywhere
  name: Everywhere
  description: Shared to three networks in one week.
  when: { metric: networks, reaches: 3, per: week }
`,
);

let service: TestService;
useEngagement((stage) => ({ service } = stage), { env: { PROGRAMME_DIR: folder } });

const share = (personId: string, network: string, at: string): NewActivity => ({
  id: newId(),
  type: 'content.shared',
  personId,
  objectId: newId(),
  occurredAt: Date.parse(at),
  data: { network },
});
const record = (...activities: NewActivity[]): Promise<void> =>
  service.app
    .get(DataSource)
    .transaction((manager) =>
      service.app.get(ActivitiesService, { strict: false }).recordTold(manager, activities),
    );
const valueOf = async (path: string, metric = 'networks'): Promise<number> => {
  const { body } = await service.call('GET', path);
  return body.metrics.find((item: { metric: string }) => item.metric === metric).value;
};

describe('a metric of different things', () => {
  it('counts each once in any window, however the batches come', async () => {
    const team = `T ${newId()}`;
    const [ann, ben] = await Promise.all(
      ['ann', 'ben'].map((name) => addPerson(service, `${name}@distinct.test`, { team })),
    );
    const early = [share(ann!, 'x', '2026-02-24T10:00:00Z'), share(ann!, 'linkedin', '2026-02-24T11:00:00Z')];
    await Promise.all([
      record(...early),
      record(share(ann!, 'x', '2026-03-02T06:00:00Z'), share(ann!, 'x', '2026-02-25T10:00:00Z')),
      record(share(ben!, 'facebook', '2026-03-02T06:00:00Z'), share(ben!, 'x', '2026-03-02T06:00:00Z')),
    ]);
    await record(...early);
    const windows = ['all_time', 'week', 'previous_week', 'today', 'previous_month', '30d'];
    const values = await Promise.all(
      windows.map((window) => valueOf(`/engagement/people/${ann}/metrics?window=${window}`)),
    );
    expect(values).toEqual([2, 1, 2, 1, 2, 2]);
    expect(await valueOf(`/engagement/metrics?window=all_time&team=${encodeURIComponent(team)}`)).toBe(3);
    expect(await valueOf(`/engagement/people/${ann}/metrics?window=all_time`, 'shares')).toBe(4);
  });

  it('crosses its threshold at the third thing of the week, once, not at the third share', async () => {
    const person = await addPerson(service, 'cross@distinct.test');
    const days = ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20'];
    const networks = ['x', 'x', 'linkedin', 'x', 'facebook'];
    const shares = networks.map((network, index) => share(person, network, `${days[index]}T10:00:00Z`));
    await record(...shares.slice(0, 3));
    await record(shares[3]!);
    const badges = async (): Promise<string[]> => {
      const { body } = await service.call('GET', `/engagement/people/${person}/badges`);
      const list: { badge: string; earnedAt?: string }[] = Array.isArray(body) ? body : body.earned;
      return list.flatMap(({ badge, earnedAt }) => (badge === 'everywhere' && earnedAt ? [earnedAt] : []));
    };
    expect(await badges()).toEqual([]);
    await record(shares[4]!);
    await record(share(person, 'mastodon', '2026-02-21T10:00:00Z'));
    expect(await badges()).toEqual(['2026-02-20T10:00:00.000Z']);
  });

  it('is not asked for over a window nobody knows, nor for a team nobody has', async () => {
    expect((await service.call('GET', '/engagement/metrics?window=previous_year')).status).toBe(400);
    expect((await service.call('GET', '/engagement/metrics?team=Nobody')).body.code).toBe('team_unknown');
  });
});
