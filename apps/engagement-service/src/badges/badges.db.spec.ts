import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';

const folder = mkdtempSync(join(tmpdir(), 'laurel-badges-'));
cpSync('programme', folder, { recursive: true });
writeFileSync(
  join(folder, 'badges.yaml'),
  `
- { id: reader, name: Reader, description: Read., when: { metric: trainings, tiers: { bronze: 2, silver: 4, gold: 6 } } }
- { id: opener, name: Opener, description: First., when: { metric: reactions, reaches: 1, first: company } }
- { id: scout, name: Scout, description: First of the team., when: { metric: reactions, reaches: 1, first: team } }
- { id: both, name: Both, description: Both., when: { badges: [starter, scholar] } }
- { id: starter, name: Starter, description: Start., when: { metric: shares, reaches: 1 } }
- { id: scholar, name: Scholar, description: Learn., when: { metric: trainings, reaches: 1 } }
- { id: hit, name: Hit, description: Hit., repeat: object, when: { metric: credible_clicks, reaches: 2, of: event.postId } }
- { id: given, name: Given, description: By workflows. }
`,
);
// Workflows that name badges this programme does not have.
for (const name of [
  'exec-validation',
  'weekly-leaderboard',
  'click-milestone',
  'first-share-welcome',
  'training-invitation',
])
  rmSync(join(folder, 'workflows', `${name}.yaml`), { force: true });
rmSync(join(folder, 'badges'), { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

let service: TestService;

useEngagement((stage) => ({ service } = stage), { env: { PROGRAMME_DIR: folder } });

let minute = 0;
const act = (personId: string, type: string, data: Record<string, unknown> = {}, times = 1) =>
  Array.from({ length: times }, () => ({
    type,
    personId,
    occurredAt: new Date(Date.UTC(2026, 1, 2, 8, minute++)).toISOString(),
    data,
  }));
const record = (activities: ReturnType<typeof act>) =>
  service.app.get(ActivitiesService, { strict: false }).report(activities);
const badgesOf = async (personId: string): Promise<string[]> =>
  (await service.call('GET', `/engagement/people/${personId}/badges`)).body
    .map(({ badge, tier }: Record<string, string>) => (tier ? `${badge} ${tier}` : badge))
    .sort();
const told = async (personId: string): Promise<number> =>
  (
    await service.query(`SELECT FROM outbox WHERE subject = 'laurel.evt.badge.earned' AND envelope LIKE $1`, [
      `%${personId}%`,
    ])
  ).length;

describe('a badge', () => {
  it('with tiers is earned tier by tier, also several at once', async () => {
    const person = await addPerson(service, 'tiers@badges.test');
    await record(act(person, 'training.attended', {}, 5));
    expect(await badgesOf(person)).toEqual(['reader bronze', 'reader silver', 'scholar']);
    const { body } = await service.call('GET', `/engagement/people/${person}/badges/progress`);
    expect(body[0]).toMatchObject({
      badge: 'reader',
      tier: 'silver',
      nextTier: 'gold',
      words: '5 of 6',
      earned: true,
    });
  });

  it('for a set comes with the last of them, dated at it', async () => {
    const person = await addPerson(service, 'set@badges.test');
    await record(act(person, 'content.shared'));
    expect(await badgesOf(person)).toEqual(['starter']);
    const last = act(person, 'training.attended');
    await record(last);
    expect(await badgesOf(person)).toEqual(['both', 'scholar', 'starter']);
    const { body } = await service.call('GET', '/engagement/badges/both/awards');
    expect(body).toMatchObject([{ personId: person, earnedAt: last[0]!.occurredAt }]);
  });

  it('for the first is one, of the company and of each team, however many come at once', async () => {
    const people = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((i) => addPerson(service, `first${i}@badges.test`, { team: `T${i % 2}` })),
    );
    await Promise.all(
      people.map((person) =>
        record(act(person, 'share.measured', { impressions: 0, reactions: 3, leads: 0 })),
      ),
    );
    const all = (await Promise.all(people.map(badgesOf))).flat();
    expect(all.filter((badge) => badge === 'opener')).toHaveLength(1);
    expect(all.filter((badge) => badge === 'scout')).toHaveLength(2);
  });

  it('is taken back by hand with a reason, stands in the record, and does not come back', async () => {
    const person = await addPerson(service, 'back@badges.test');
    await record(act(person, 'content.shared'));
    const [award] = (await service.call('GET', `/engagement/people/${person}/badges`)).body;
    const revoke = () =>
      service.call('POST', `/engagement/badges/awards/${award.id}/revocation`, { reason: 'by mistake' });
    expect((await revoke()).status).toBe(200);
    expect((await revoke()).body.code).toBe('badge_award_revoked');
    await record(act(person, 'content.shared'));
    expect(await badgesOf(person)).toEqual([]);
    const { body } = await service.call('GET', `/engagement/audit?what=badge%20starter%20of%20${person}`);
    expect(body).toMatchObject([{ action: 'revoke', after: { reason: 'by mistake' } }]);
  });
});

describe('a badge before it is published', () => {
  const preview = (body: unknown, type = 'application/json') =>
    service.call('POST', '/engagement/badges/preview', body, { type });
  const draft =
    'id: keen\nname: Keen\ndescription: Keen.\nwhen: { metric: trainings, tiers: { bronze: 3, gold: 5 } }\n';

  it('shows whom it would have gone to, in YAML and in JSON alike, and changes nothing', async () => {
    const person = await addPerson(service, 'draft@badges.test');
    await record(act(person, 'training.attended', {}, 4));
    const { status, body } = await preview(draft, 'application/yaml');
    expect([status, body]).toEqual([200, expect.objectContaining({ awards: 3, people: 2, fresh: 3 })]);
    expect(body).toMatchObject({ byTier: { bronze: 2, gold: 1 }, cost: { rows: expect.any(Number) } });
    expect(body.sample[0]).toMatchObject({ tier: 'bronze', earnedAt: '2026-02-02T22:59:59.000Z' });
    const when = { metric: 'trainings', tiers: { bronze: 3, gold: 5 } };
    const asJson = await preview({ id: 'keen', name: 'Keen', description: 'Keen.', when });
    expect({ ...asJson.body, cost: null }).toEqual({ ...body, cost: null });
    expect(await service.query(`SELECT FROM badge_awards WHERE badge = 'keen'`)).toEqual([]);
  });

  it('that is wrong is refused with every mistake', async () => {
    const { status, body } = await preview(
      'id: x\nname: X\ndescription: X.\nwhen: { metric: shaers, reaches: 1 }',
      'application/yaml',
    );
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('there is no metric shaers');
    expect((await preview('id: [', 'application/yaml')).status).toBe(422);
  });

  it('that workflows give has no past to look at', async () => {
    expect((await preview({ id: 'given', name: 'G', description: 'G.' })).body.code).toBe(
      'badge_unreckonable',
    );
  });

  it('asks about objects as exactly as it would have at the time', async () => {
    const person = await addPerson(service, 'objects@badges.test');
    const clicks = ['a', 'b', 'a', 'b', 'c'].flatMap((postId) =>
      act(person, 'link.clicked', { postId, credible: true }),
    );
    await record(clicks);
    const when = { metric: 'credible_clicks', reaches: 2, of: 'event.postId' };
    const { body } = await preview({ id: 'other', name: 'O', description: 'O.', repeat: 'object', when });
    expect(
      body.sample.map(({ periodKey, earnedAt }: Record<string, string>) => [periodKey, earnedAt]),
    ).toEqual([
      ['a', clicks[2]!.occurredAt],
      ['b', clicks[3]!.occurredAt],
    ]);
  });
});

describe('counting a badge backwards', () => {
  const backfill = (badge: string, awards: number) =>
    service.call('POST', `/engagement/badges/${badge}/backfill`, { expect: { awards } });

  it('gives what the preview showed, to the same people, and tells nobody', async () => {
    const before = await service.query(`SELECT id FROM badge_awards WHERE revoked_at IS NULL ORDER BY id`);
    const events = await service.query(`SELECT FROM outbox WHERE subject = 'laurel.evt.badge.earned'`);
    const [gone] = await service.query<{ id: string }[]>(
      `DELETE FROM badge_awards WHERE badge IN ('reader', 'hit') RETURNING id`,
    );
    expect(gone!.length).toBeGreaterThan(3);
    const { body: badges } = await service.call('GET', '/engagement/badges');
    const draft = badges.find(({ id }: { id: string }) => id === 'reader');
    const { body: shown } = await service.call('POST', '/engagement/badges/preview', draft);
    expect((await backfill('reader', shown.fresh + 1)).body.code).toBe('backfill_changed');
    const { status, body } = await backfill('reader', shown.fresh);
    expect(status).toBe(202);
    await backfill('hit', 2);
    await service.quiet();
    expect((await service.call('GET', `/engagement/badges/backfills/${body.id}`)).body).toMatchObject({
      state: 'done',
      awards: shown.fresh,
    });
    const after = await service.query(`SELECT id FROM badge_awards WHERE revoked_at IS NULL ORDER BY id`);
    expect(after).toEqual(before);
    expect(await service.query(`SELECT FROM outbox WHERE subject = 'laurel.evt.badge.earned'`)).toHaveLength(
      events.length,
    );
  });

  it('that has been done gives nothing more', async () => {
    expect((await backfill('reader', 0)).status).toBe(202);
    await service.quiet();
    const person = await addPerson(service, 'after@badges.test');
    await record(act(person, 'training.attended', {}, 2));
    expect(await told(person)).toBe(2);
  });
});
