import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { newId, readFolder } from '#libs/platform';
import { addPerson, programmeWith, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

const folder = programmeWith({});
const files = readFolder(folder, ['.yaml', '.mjml', '.txt', '.json', '.svg']) as Record<string, string>;
let service: TestService;
useEngagement((stage) => ({ service } = stage), { env: { PROGRAMME_DIR: folder } });
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts the rule for answers in force with a budget, or without. */
async function apply(budget?: string, more: Record<string, string> = {}): Promise<void> {
  const rule = `- { id: answered, name: An answer, when: question.answered, award: 10${budget ? `, budget: ${budget}` : ''} }\n`;
  const next = { ...files, 'rules.yaml': files['rules.yaml']! + rule, ...more };
  const { status, text } = await service.call('PUT', '/engagement/programme', { files: next });
  if (status >= 300) throw new Error(text);
}
const answer = async (
  personId: string,
  count: number,
  occurredAt = '2026-03-02T08:00:00Z',
): Promise<void> => {
  const activities = Array.from({ length: count }, () => ({
    type: 'question.answered',
    personId,
    occurredAt,
  }));
  const { status, text } = await service.call('POST', '/engagement/activities', activities);
  if (status !== 200) throw new Error(text);
};
const person = (): Promise<string> => addPerson(service, `${newId()}@budgets.test`);
const balance = async (id: string): Promise<number> =>
  (await service.call('GET', `/engagement/people/${id}/points`)).body.balance;
const used = (): Promise<object[]> =>
  service.query(
    `SELECT per, period_key AS period, points FROM budget_usages WHERE budget = 'answered' ORDER BY 1, 2`,
  );
/** Orders work on the ledger and waits for its end. */
async function done(what: 'verifications' | 'rebuild') {
  const { body } = await service.call('POST', `/engagement/points/${what}`);
  await service.quiet();
  return (await service.call('GET', `/engagement/points/verifications/${body.id}`)).body;
}
const MONTH = '{ per: month, points: 100 }';

describe('a budget that is taken out of the programme', () => {
  it('is checked no more, and has used what was given meanwhile when it comes back', async () => {
    const ann = await person();
    await apply(MONTH);
    await answer(ann, 3);
    expect(await used()).toEqual([{ per: 'month', period: '2026-03', points: 30 }]);
    await apply();
    await answer(ann, 4);
    expect(await done('verifications')).toMatchObject({ differences: 0 });
    await apply(MONTH);
    await answer(ann, 5);
    expect(await balance(ann)).toBe(100);
    expect(await used()).toEqual([{ per: 'month', period: '2026-03', points: 100 }]);
    expect(await done('verifications')).toMatchObject({ differences: 0 });
  });
});

describe('a budget', () => {
  it('counts also what a version from before it gives, told late', async () => {
    await apply('{ per: quarter, points: 1000 }');
    const [{ points: before }] = (await answer(await person(), 1).then(used)) as [{ points: number }];
    // When this happened there was no such rule; its first version judges it, whose budget was of the month.
    await answer(await person(), 2, '2026-01-05T08:00:00Z');
    expect(await used()).toEqual([{ per: 'quarter', period: '2026-Q1', points: before + 20 }]);
    expect(await done('verifications')).toMatchObject({ differences: 0 });
  });

  it('is counted anew when the programme moves to another zone', async () => {
    await apply('{ per: quarter, points: 1000 }', {
      'programme.yaml': files['programme.yaml']!.replace(/^zone: .*$/m, 'zone: America/New_York'),
    });
    expect(await used()).toEqual([]);
    await answer(await person(), 1);
    expect(await done('verifications')).toMatchObject({ differences: 0 });
  });

  it('that was tampered with raises the alarm, and a rebuild mends it', async () => {
    await service.query(`UPDATE budget_usages SET points = points + 7 WHERE budget = 'answered'`);
    const difference = { what: 'budget answered 2026-Q1', personId: null };
    expect(await done('verifications')).toMatchObject({ differences: 1, found: [difference] });
    expect(await done('rebuild')).toMatchObject({ differences: 1, found: [difference] });
    expect(await done('verifications')).toMatchObject({ differences: 0 });
  });
});
