import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson, programmeWith, useEngagement } from '../../../../test/support/engagement.js';
import { until } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import type { NewActivity } from '../activities/activities.service.js';

const folder = programmeWith({});
appendFileSync(
  join(folder, 'rules.yaml'),
  `
- { id: team-day, name: A team day, when: team.day, to: team, award: 4 }
- { id: reviewed, name: A text is reviewed, when: text.reviewed, award: 6, limit: { per_object: true, times: 1 } }
- { id: linked, name: A link is told, when: link.told, award: 1, limit: { per: day, per_object: event.url, times: 1 } }
- { id: answered, name: A question is answered, when: question.answered, award: 10, budget: { per: month, points: 95 } }
`,
);

let service: TestService;
let neighbour: Neighbour;
useEngagement((stage) => ({ service, neighbour } = stage), { env: { PROGRAMME_DIR: folder } });

const did = (type: string, personId: string, more: Partial<NewActivity> = {}): NewActivity => ({
  id: newId(),
  type,
  personId,
  objectId: null,
  occurredAt: Date.parse('2026-02-10T10:00:00Z'),
  data: {},
  ...more,
});
const record = (...activities: NewActivity[]): Promise<void> =>
  service.app
    .get(DataSource)
    .transaction((manager) =>
      service.app.get(ActivitiesService, { strict: false }).recordTold(manager, activities),
    );
const points = async (id: string) => (await service.call('GET', `/engagement/people/${id}/points`)).body;
const balances = async (...ids: string[]): Promise<number[]> => {
  const all = await Promise.all(ids.map((id) => points(id)));
  return all.map(({ balance }) => balance);
};
const people = (...names: string[]): Promise<string[]> =>
  Promise.all(names.map((name) => addPerson(service, `${name}-${newId()}@to.test`)));

describe('points for somebody else than who did it', () => {
  it('go to the person the event names, within the caps of that person, and never to oneself', async () => {
    const [ann, ben] = await people('ann', 'ben');
    const thanks = (to: unknown): NewActivity =>
      did('thanks.given', ann!, { data: { toPersonId: to, text: 'thanks' } });
    const strange = [thanks(ann), thanks(newId()), thanks('x')];
    await record(...Array.from({ length: 7 }, () => thanks(ben)), ...strange);
    expect(await balances(ann!, ben!)).toEqual([0, 15]);
    const words = async (activity: NewActivity): Promise<string> => {
      const { body } = await service.call('GET', `/engagement/activities/${activity.id}/explanation`);
      expect(body.rules).toMatchObject([{ rule: 'thanked', outcome: 'nobody', points: 0 }]);
      return body.rules[0].words.at(-1);
    };
    expect(await Promise.all(strange.map((activity) => words(activity)))).toEqual([
      'Nobody gets these points from oneself.',
      'The person it names is unknown.',
      'The person it names is unknown.',
    ]);
  });

  it('go to the author of a post that was suggested', async () => {
    const [author, reader] = await people('author', 'reader');
    const postId = newId();
    await neighbour.tell('content.suggestion_published', {
      suggestionId: newId(),
      postId,
      personId: author!,
      title: 'A find',
    });
    await until('the author has points', async () => (await points(author!)).balance === 25);
    const share = did('content.shared', reader!, { data: { postId, network: 'x' } });
    await record(share, did('content.shared', author!, { data: { postId, network: 'x' } }));
    // 25 for the suggestion, 2 for the reader's share, 2 for the own share, which is no reader's.
    expect(await balances(author!, reader!)).toEqual([29, 2]);
  });

  it('go to nobody who has only been reported as the author', async () => {
    const [liar, reader] = await people('liar', 'reader');
    const data = { postId: newId() };
    const report = { type: 'suggestion.published', personId: liar, data };
    expect((await service.call('POST', '/engagement/activities', report)).status).toBe(200);
    await record(did('content.shared', reader!, { data: { ...data, network: 'x' } }));
    expect(await balances(liar!)).toEqual([25]);
  });

  it('go to everybody in the team', async () => {
    const team = `Team ${newId()}`;
    const members = await Promise.all(
      ['a', 'b', 'c'].map((name) => addPerson(service, `${name}-${newId()}@team.test`, { team })),
    );
    const [other] = await people('other');
    await record(did('team.day', members[0]!));
    expect(await balances(...members, other!)).toEqual([4, 4, 4, 0]);
  });
});

describe('a cap per object', () => {
  it('counts each object apart, whoever tells of it how often', async () => {
    const [ann] = await people('ann');
    const [one, two] = [newId(), newId()];
    await record(...[one, one, two].map((objectId) => did('text.reviewed', ann!, { objectId })));
    await record(did('text.reviewed', ann!, { objectId: two }));
    expect(await balances(ann!)).toEqual([12]);
    expect((await points(ann!)).refusals[0].reason).toBe(
      'The cap of "A text is reviewed" is reached: at most 1 times for one object in all.',
    );
  });
});

describe('a cap per field of the event', () => {
  it('takes also what is longer than an index can hold', async () => {
    const [ann] = await people('ann');
    const url = `https://${Array.from({ length: 500 }, () => newId()).join('')}`;
    await record(...[1, 2].map(() => did('link.told', ann!, { data: { url } })));
    expect(await balances(ann!)).toEqual([1]);
  });
});

describe('a budget', () => {
  it('holds over everybody, also when many batches come together, and says when it is used up', async () => {
    const all = await people(...Array.from({ length: 8 }, (_, index) => `p${index}`));
    const day = (index: number): Partial<NewActivity> => ({
      occurredAt: Date.parse('2026-02-11T10:00:00Z') + index,
    });
    await Promise.all(
      all.map((_, batch) =>
        record(...all.map((id, index) => did('question.answered', id, day(batch * 10 + index)))),
      ),
    );
    const total = (await balances(...all)).reduce((sum, balance) => sum + balance, 0);
    expect(total).toBe(95);
    const [row] = await service.query(`SELECT points FROM budget_usages WHERE budget = 'answered'`);
    expect(row).toEqual({ points: 95 });
    const refused = await service.query<{ reason: string; cause: object }>(
      `SELECT reason, cause FROM refusals WHERE rule = 'answered' ORDER BY points LIMIT 1`,
    );
    expect(refused[0]).toMatchObject({
      reason: 'The budget of "A question is answered" for February 2026 is used up: 95 points.',
      cause: { kind: 'budget', limit: { per: 'month', points: 95 } },
    });
  });

  it('begins anew with the next month', async () => {
    const [ann] = await people('ann');
    await record(did('question.answered', ann!, { occurredAt: Date.parse('2026-01-31T22:59:59Z') }));
    await record(did('question.answered', ann!, { occurredAt: Date.parse('2026-01-31T23:00:00Z') }));
    // An hour before midnight in Rome it is February already.
    expect(await balances(ann!)).toEqual([10]);
  });
});
