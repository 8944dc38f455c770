import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import type { RuleDefinition } from '#libs/scoring';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { Answer, TestService } from '../../../../test/support/service.js';
import { RulesService } from './rules.service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

const training = (personId: string, occurredAt: string) => ({
  id: newId(),
  type: 'training.attended',
  personId,
  occurredAt,
});
const report = async (...activities: object[]): Promise<void> => {
  const { status, text } = await service.call('POST', '/engagement/activities', activities);
  if (status !== 200) throw new Error(text);
};
/** Another version of the rule for trainings comes into force. */
async function change(definition: object): Promise<void> {
  const rules = service.app.get(RulesService, { strict: false });
  const all = rules.rules.map(({ version: _version, ...rule }) =>
    rule.id === 'training' ? { ...rule, ...definition } : rule,
  );
  await service.app.get(DataSource).transaction(async (manager) => {
    const published = await rules.publish(manager, all as RuleDefinition[]);
    (rules.rules as unknown[]).splice(0, all.length, ...published);
    await rules.reread(manager);
  });
}
const preview = (since: string): Promise<Answer> =>
  service.call('POST', '/engagement/rules/training/rescoring/preview', { since });
const order = (since: string, expected: object): Promise<Answer> =>
  service.call('POST', '/engagement/rules/training/rescoring', { since, expect: expected });
const points = async (personId: string) =>
  (await service.call('GET', `/engagement/people/${personId}/points`)).body;
const told = async (): Promise<number> =>
  (await service.query(`SELECT FROM outbox WHERE subject = 'laurel.evt.points.awarded'`)).length;

describe('counting a changed rule backwards', () => {
  it('shows the difference first, then posts it dated at what it adjusts, and mails nobody', async () => {
    const ann = await addPerson(service, 'ann@rescore.test');
    const ben = await addPerson(service, 'ben@rescore.test');
    const late = training(ann, '2026-02-16T09:00:00Z');
    await report(training(ann, '2026-01-12T09:00:00Z'), late, training(ben, '2026-02-17T09:00:00Z'));
    const before = await told();
    await change({ award: 80 });
    const { body } = await preview('2026-02-01');
    expect(body).toMatchObject({ rule: 'training', ruleVersion: 2, entries: 2, people: 2, points: 60 });
    expect(body.furthest).toEqual(
      expect.arrayContaining([
        { personId: ann, points: 30 },
        { personId: ben, points: 30 },
      ]),
    );
    expect((await points(ann)).balance).toBe(100);
    const { status, body: ordered } = await order('2026-02-01', { entries: 2, points: 60 });
    expect(status).toBe(202);
    await service.quiet();
    expect((await service.call('GET', `/engagement/rescorings/${ordered.id}`)).body).toMatchObject({
      state: 'done',
      entries: 2,
      people: 2,
      points: 60,
    });
    expect(await points(ann)).toMatchObject({ balance: 130, lifetime: 130 });
    expect((await points(ann)).entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          points: 30,
          sourceEventId: late.id,
          occurredAt: '2026-02-16T09:00:00.000Z',
          reason: 'Attend a training, version 2, counted backwards: 80 points instead of 50.',
        }),
      ]),
    );
    expect(await told()).toBe(before);
  });

  it('twice changes nothing the second time', async () => {
    expect((await preview('2026-02-01')).body).toMatchObject({ entries: 0, people: 0, points: 0 });
  });

  it('is not ordered on another figure than it comes to', async () => {
    const { status, body } = await order('2026-01-01', { entries: 7, points: 7 });
    expect([status, body.code]).toEqual([409, 'rescoring_changed']);
    expect(body.detail).toContain('1 entries of 30 points');
  });

  it('leaves the caps where the rule would have brought them', async () => {
    const cat = await addPerson(service, 'cat@rescore.test');
    await report(training(cat, '2026-02-02T09:00:00Z'), training(cat, '2026-02-03T09:00:00Z'));
    await change({ award: 80, limit: { per: 'month', times: 1 } });
    const { body } = await preview('2026-02-01');
    await order('2026-02-01', { entries: body.entries, points: body.points });
    await service.quiet();
    expect((await points(cat)).balance).toBe(80);
    await report(training(cat, '2026-02-04T09:00:00Z'));
    expect((await points(cat)).balance).toBe(80);
  });

  it('keeps a decision somebody has made: what was taken back stays so', async () => {
    const dan = await addPerson(service, 'dan@rescore.test');
    await report(training(dan, '2026-02-20T09:00:00Z'));
    await service.query(
      `INSERT INTO holds (id, hold_key, entry_id, person_id, points, state, reason, held_at)
       SELECT gen_random_uuid(), 'test', id, person_id, points, 'held', 'a test', now() FROM ledger WHERE person_id = $1`,
      [dan],
    );
    await change({ award: 10 });
    const { body } = await preview('2026-02-20');
    expect(body.furthest.map(({ personId }: { personId: string }) => personId)).not.toContain(dan);
  });

  it('leaves the balance of everybody equal to their ledger', async () => {
    expect(
      await service.query(
        `SELECT person_id FROM balances LEFT JOIN ledger USING (person_id) GROUP BY person_id, balance
         HAVING balance <> COALESCE(sum(points), 0)`,
      ),
    ).toEqual([]);
  });

  it('from a day that has not come yet is refused', async () => {
    expect((await preview('2126-01-01')).body.code).toBe('since_in_future');
  });

  it('of a rule nobody has is refused', async () => {
    const { status } = await service.call('POST', '/engagement/rules/none/rescoring/preview', {
      since: '2026-01-01',
    });
    expect(status).toBe(404);
  });
});
