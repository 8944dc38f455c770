import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import type { RuleDefinition } from '#libs/scoring';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import type { NewActivity } from '../activities/activities.service.js';
import { RulesService } from './rules.service.js';

let service: TestService;
useEngagement((stage) => ({ service } = stage));

const did = (
  type: string,
  personId: string,
  at: string,
  data: Record<string, unknown> = {},
): NewActivity => ({
  id: newId(),
  type,
  personId,
  objectId: null,
  occurredAt: Date.parse(at),
  data,
});
const record = (...activities: NewActivity[]): Promise<void> =>
  service.app
    .get(DataSource)
    .transaction((manager) =>
      service.app.get(ActivitiesService, { strict: false }).recordTold(manager, activities),
    );
const person = (): Promise<string> => addPerson(service, `${newId()}@explain.test`);
const explained = async (id: string, rule: string) => {
  const { body } = await service.call('GET', `/engagement/activities/${id}/explanation`);
  return body.rules.find((item: { rule: string }) => item.rule === rule);
};
/** Other rules come into force; null takes the rule for trainings out. */
async function change(definition: object | null): Promise<void> {
  const rules = service.app.get(RulesService, { strict: false });
  const newest = new Map(rules.history.map((version) => [version.id, version]));
  const all = [...newest.values()].flatMap(
    ({ version: _v, publishedAt: _p, since: _s, endedAt: _e, ...rule }) =>
      rule.id !== 'training' ? [rule] : definition ? [{ ...rule, ...definition }] : [],
  );
  await service.app.get(DataSource).transaction(async (manager) => {
    await rules.publish(manager, all as RuleDefinition[]);
    await rules.reread(manager);
  });
}

describe('the explanation of an activity', () => {
  it('says what was given, what was held and what became of it', async () => {
    const ann = await person();
    const shares = [1, 2, 3, 4, 5].map((second) =>
      did('content.shared', ann, `2026-02-10T10:00:0${second}Z`, { network: 'x', postId: newId() }),
    );
    await record(...shares);
    const [hold] = (await service.call('GET', `/engagement/holds?personId=${ann}`)).body;
    await service.call('POST', `/engagement/holds/${hold.id}/release`, { reason: 'A launch' });
    const line = await explained(shares[4]!.id, 'share');
    expect(line).toMatchObject({
      outcome: 'awarded',
      personId: ann,
      points: 2,
      words: [
        'Share a post: 2 points.',
        'Set aside on 2026-03-02 (-2 points): More than four shares within a minute',
        'Given back on 2026-03-02 (+2 points): A launch',
      ],
      holds: [{ state: 'released', check: 'share-burst' }],
      caps: [{ limit: { per: 'day', times: 5 }, periodKey: '2026-02-10', used: { times: 5, points: 10 } }],
    });
    const entry = await service.call('GET', `/engagement/points/${line.entries[0].id}`);
    expect(entry.body).toMatchObject({
      entry: { kind: 'earn', points: 2 },
      rule: { id: 'share', version: 1, award: 2 },
      activity: { id: shares[4]!.id },
      answers: [{ kind: 'hold' }, { kind: 'release' }],
    });
  });

  it('says which cap refused, and how full it was', async () => {
    const ann = await person();
    const shares = [10, 11, 12, 13, 14, 15].map((hour) =>
      did('content.shared', ann, `2026-02-11T${hour}:00:00Z`, { network: 'x', postId: newId() }),
    );
    await record(...shares);
    expect(await explained(shares[5]!.id, 'share')).toMatchObject({
      outcome: 'refused',
      points: 0,
      refusal: { points: 2, cause: { kind: 'cap', periodKey: '2026-02-11', used: { times: 5 } } },
      words: [
        '2 points were not given. The cap of "Share a post" is reached: at most 5 times a day.',
        'At that moment 5 times of 5 times were used in 2026-02-11.',
      ],
    });
  });

  it('says what a condition saw, and why a visit is not believed', async () => {
    const ann = await person();
    const click = did('link.clicked', ann, '2026-02-11T10:00:00Z', {
      credible: false,
      reasons: ['known bot'],
    });
    await record(click);
    const { body } = await service.call('GET', `/engagement/activities/${click.id}/explanation`);
    expect(body.credibility.words).toContain('known bot');
    expect(body.rules).toMatchObject([
      { rule: 'credible-click', outcome: 'condition', saw: { 'event.credible': false }, points: 0 },
    ]);
  });

  it('is not given for what nobody told', async () => {
    expect((await service.call('GET', `/engagement/activities/${newId()}/explanation`)).body.code).toBe(
      'activity_unknown',
    );
    expect((await service.call('GET', `/engagement/points/${newId()}`)).body.code).toBe('entry_unknown');
  });
});

describe('an activity that is told late', () => {
  it('is judged by the version that was in force when it happened, also of a rule that is gone', async () => {
    const ann = await person();
    await service.moveTo('2026-04-01T12:00:00Z');
    await change({ award: 80 });
    await service.moveTo('2026-05-01T12:00:00Z');
    await change(null);
    await service.moveTo('2026-06-01T12:00:00Z');
    const days = ['2026-03-20', '2026-04-20', '2026-05-20'];
    const trainings = days.map((day) => did('training.attended', ann, `${day}T10:00:00Z`));
    await record(...trainings);
    const lines = await Promise.all(trainings.map(({ id }) => explained(id, 'training')));
    expect(lines.map(({ outcome, points, ruleVersion }) => [outcome, points, ruleVersion])).toEqual([
      ['awarded', 50, 1],
      ['awarded', 80, 2],
      ['gone', 0, 2],
    ]);
    await change({});
    expect((await explained(trainings[2]!.id, 'training')).outcome).toBe('gone');
  });
});
