import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import type { RuleDefinition } from '#libs/scoring';
import { addPerson, programmeWith, useEngagement } from '../../../../test/support/engagement.js';
import { until } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';
import { RulesService } from './rules.service.js';

let service: TestService;
let neighbour: Neighbour;

const folder = programmeWith({});
const rules = readFileSync(join(folder, 'rules.yaml'), 'utf8').replace('points: 200', 'points: 20');
writeFileSync(
  join(folder, 'rules.yaml'),
  `${rules}- { id: confirmed, name: A share is confirmed, when: share.confirmed, award: 7 }\n`,
);
useEngagement((stage) => ({ service, neighbour } = stage), { env: { PROGRAMME_DIR: folder } });
afterAll(() => rmSync(folder, { recursive: true }));

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

describe('what counts no more', () => {
  const confirm = (personId: string, shareId: string): Promise<string> =>
    neighbour.tell('share.confirmed', { shareId, postId: newId(), personId, network: 'x', by: 'person' });

  it('brings nothing when the share was taken back before it was confirmed, and says why', async () => {
    const person = await addPerson(service, 'late@doubts.test');
    const share = { shareId: newId(), postId: newId(), personId: person, network: 'x' };
    await neighbour.tell('content.shared', share, { id: share.shareId });
    await until('the share has earned', async () => (await points(person)).balance === 2);
    await neighbour.tell('share.withdrawn', share);
    await until('it is taken back', async () => (await points(person)).balance === 0);
    const id = await confirm(person, share.shareId);
    await until('the confirmation is in the log', async () => {
      const { body } = await service.call('GET', `/engagement/people/${person}/activities`);
      return body.length === 2;
    });
    expect(await points(person)).toMatchObject({ balance: 0, refusals: [] });
    const { body } = await service.call('GET', `/engagement/activities/${id}/explanation`);
    expect(body.rules).toMatchObject([{ rule: 'confirmed', points: 0 }]);
    expect(body.rules[0].words).toContain('The share was taken back.');
  });

  it('brings nothing either when the rule is counted backwards, though a cap had kept it out', async () => {
    const person = await addPerson(service, 'bots@doubts.test');
    const clicks = Array.from({ length: 4 }, () => newId());
    for (const id of clicks) await click(person, id);
    await until('the cap is reached', async () => (await points(person)).refusals.length === 2);
    for (const id of clicks.slice(1)) await doubt(person, id);
    await until('all but one are taken back', async () => (await points(person)).balance === 10);
    await until('all doubts have come', async () => {
      const noted = await service.query(
        `SELECT FROM doubted_activities WHERE activity_id = ANY($1::uuid[])`,
        [clicks],
      );
      return noted.length === 3;
    });
    await service.app.get(DataSource).transaction(async (manager) => {
      const rules = service.app.get(RulesService, { strict: false });
      const all = rules.rules.map(({ version: _version, ...rule }) =>
        rule.id === 'credible-click' ? { ...rule, limit: { per: 'day', points: 200 } } : rule,
      );
      const published = await rules.publish(manager, all as RuleDefinition[]);
      (rules.rules as unknown[]).splice(0, all.length, ...published);
      await rules.reread(manager);
    });
    const route = '/engagement/rules/credible-click/rescoring/preview';
    expect((await service.call('POST', route, { since: '2026-01-01' })).body).toMatchObject({
      entries: 0,
      points: 0,
    });
  });
});
