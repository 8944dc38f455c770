import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import type { RuleDefinition } from '#libs/scoring';
import { addPerson, programmeWith, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { RulesService } from './rules.service.js';
import { endOf } from './rules.query.js';

const folder = programmeWith({});
appendFileSync(
  join(folder, 'rules.yaml'),
  `- { id: team-day, name: A team day, when: team.day, to: team, award: 4, limit: { per: month, times: 1 } }\n`,
);
let service: TestService;
useEngagement((stage) => ({ service } = stage), { env: { PROGRAMME_DIR: folder } });
afterAll(() => rmSync(folder, { recursive: true }));

/** Another version of a rule comes into force; null takes it out. */
async function change(id: string, definition: object | null): Promise<void> {
  const rules = service.app.get(RulesService, { strict: false });
  const all = rules.rules.flatMap(({ version: _version, ...rule }) =>
    rule.id !== id ? [rule] : definition ? [{ ...rule, ...definition }] : [],
  );
  await service.app.get(DataSource).transaction(async (manager) => {
    const published = await rules.publish(manager, all as RuleDefinition[]);
    (rules.rules as unknown[]).splice(0, rules.rules.length, ...published);
    await rules.reread(manager);
  });
}
const balances = (...ids: string[]): Promise<number[]> =>
  Promise.all(
    ids.map(async (id) => (await service.call('GET', `/engagement/people/${id}/points`)).body.balance),
  );
const day = (personId: string, occurredAt: string) =>
  service.call('POST', '/engagement/activities', { type: 'team.day', personId, occurredAt });

/** Counts the rule backwards as its preview has it. */
async function recount(since: string): Promise<void> {
  const route = '/engagement/rules/team-day/rescoring';
  const { body } = await service.call('POST', `${route}/preview`, { since });
  const expect_ = { entries: body.entries, points: body.points };
  expect((await service.call('POST', route, { since, expect: expect_ })).status).toBe(202);
  await service.quiet();
}

describe('a rule for teams, counted backwards', () => {
  it('goes to whom it meant then: who left keeps it, who came since gets nothing, whom a cap kept out gets it', async () => {
    const [red, blue] = [`Red ${newId()}`, `Blue ${newId()}`];
    const join_ = (name: string, team: string): Promise<string> =>
      addPerson(service, `${name}-${newId()}@teams.test`, { team });
    const [ann, leaver, mover] = await Promise.all(['a', 'l', 'm'].map((name) => join_(name, red)));
    await day(ann!, '2026-02-10T10:00:00Z');
    await day(ann!, '2026-02-11T10:00:00Z');
    expect(await balances(ann!, leaver!, mover!)).toEqual([4, 4, 4]);
    await service.query(`UPDATE people SET active = false WHERE id = $1`, [leaver]);
    await service.query(`UPDATE people SET team = $2 WHERE id = $1`, [mover, blue]);
    const newcomer = await join_('n', red);
    await change('team-day', { award: 6, limit: { per: 'month', times: 2 } });
    await recount('2026-02-01');
    expect(await balances(ann!, leaver!, mover!, newcomer)).toEqual([12, 12, 12, 0]);
  });
});

describe('a version', () => {
  it('judges until another one is published, or the rule is taken out', async () => {
    const { manager } = service.app.get(DataSource);
    expect(await endOf(manager, 'thanked', 1)).toBe(Infinity);
    await service.moveTo('2026-03-03T12:00:00Z');
    await change('thanked', { award: 2 });
    expect(await endOf(manager, 'thanked', 1)).toBe(Date.parse('2026-03-03T12:00:00Z'));
    expect(await endOf(manager, 'thanked', 2)).toBe(Infinity);
    await service.moveTo('2026-03-04T12:00:00Z');
    await change('thanked', null);
    expect(await endOf(manager, 'thanked', 2)).toBe(Date.parse('2026-03-04T12:00:00Z'));
  });

  it('that is still being counted backwards leaves alone what the next one judges', async () => {
    const ann = await addPerson(service, `${newId()}@versions.test`);
    const train = (occurredAt: string) =>
      service.call('POST', '/engagement/activities', {
        type: 'training.attended',
        personId: ann,
        occurredAt,
      });
    await change('training', { award: 70 });
    await service.moveTo('2026-03-05T12:00:00Z');
    await change('training', { award: 90 });
    await train('2026-02-25T10:00:00Z');
    await train('2026-03-05T12:00:00Z');
    expect(await balances(ann)).toEqual([140]);
    await service.query(
      `INSERT INTO rescorings (id, rule, rule_version, since, state, ordered_at) VALUES (gen_random_uuid(), 'training', 2, '2026-02-01', 'running', now())`,
    );
    await service.moveTo('2026-03-05T12:10:00Z');
    await service.quiet();
    expect(await service.query(`SELECT state FROM rescorings WHERE rule = 'training'`)).toEqual([
      { state: 'done' },
    ]);
    // 70 by version 2 instead of 50, and the 90 of version 3 stay.
    expect(await balances(ann)).toEqual([160]);
  });
});
