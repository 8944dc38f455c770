import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import type { NewActivity } from '../activities/activities.service.js';

let service: TestService;
let neighbour: Neighbour;

useEngagement((stage) => ({ service, neighbour } = stage));

const report = (body: unknown) => service.call('POST', '/engagement/activities', body);
const training = (personId: string, more: object = {}) => ({
  id: newId(),
  type: 'training.attended',
  personId,
  ...more,
});
const points = async (personId: string) =>
  (await service.call('GET', `/engagement/people/${personId}/points`)).body;
const share = (personId: string, time?: string, id = newId()): Promise<string> =>
  neighbour.tell(
    'content.shared',
    { shareId: newId(), postId: newId(), personId, network: 'linkedin' },
    time ? { id, time } : { id },
  );
const told = (type: string, personId: string) =>
  service.query(`SELECT FROM outbox WHERE subject = $1 AND envelope LIKE $2`, [
    `laurel.evt.${type}`,
    `%${personId}%`,
  ]);

describe('an activity', () => {
  it('counts once, whoever tells of it how often', async () => {
    const person = await addPerson(service, 'once@act.test');
    const one = training(person);
    expect((await report([one, one])).body).toEqual({ recorded: 1, known: 1 });
    const again = await Promise.all([
      report(one),
      report([{ ...one, id: one.id.toUpperCase() }]),
      report(one),
    ]);
    expect(again.map(({ body }) => body.recorded)).toEqual([0, 0, 0]);
    const shareId = await share(person);
    await share(person, undefined, shareId);
    await service.quiet();
    expect(await points(person)).toMatchObject({
      balance: 52,
      lifetime: 52,
      entries: [{ points: expect.any(Number) }, { points: expect.any(Number) }],
    });
  });

  it('counts once also when both tell of it at the very same time', async () => {
    const person = await addPerson(service, 'race@act.test');
    const one = training(person);
    const answers = await Promise.all(Array.from({ length: 8 }, () => report(one)));
    expect(answers.reduce((sum, { body }) => sum + body.recorded, 0)).toBe(1);
    expect((await points(person)).balance).toBe(50);
  });

  it('beyond a cap gives nothing, and says why', async () => {
    const person = await addPerson(service, 'caps@act.test');
    for (let i = 0; i < 7; i++) await share(person, `2026-03-01T1${i}:00:00Z`);
    await service.quiet();
    const { balance, entries, refusals } = await points(person);
    expect(balance).toBe(10);
    expect(entries).toHaveLength(5);
    expect(refusals).toMatchObject([
      {
        rule: 'share',
        points: 2,
        reason: 'The cap of "Share a post" is reached: at most 5 times a day.',
        occurredAt: '2026-03-01T16:00:00.000Z',
      },
      { rule: 'share', occurredAt: '2026-03-01T15:00:00.000Z' },
    ]);
  });

  it('is capped by the local day of the person', async () => {
    const person = await addPerson(service, 'kl@act.test', { zone: 'Asia/Kuala_Lumpur' });
    // 16:00 UTC is midnight in Kuala Lumpur: five shares on either side.
    for (const hour of ['15:0', '16:0'])
      for (let i = 0; i < 5; i++) await share(person, `2026-03-01T${hour}${i}:00Z`);
    await service.quiet();
    expect((await points(person)).balance).toBe(20);
  });

  it('of somebody unknown is refused with its place, and nothing of the batch is recorded', async () => {
    const person = await addPerson(service, 'all@act.test');
    const { status, body } = await report([training(person), training(newId())]);
    expect([status, body.code, body.errors[0].path]).toEqual([422, 'person_unknown', '1.personId']);
    expect((await points(person)).balance).toBe(0);
  });

  it('of somebody unknown that another service tells of ends in the dead letters, alone', async () => {
    const [person, stranger] = [await addPerson(service, 'good@act.test'), newId()];
    await Promise.all([share(person), share(stranger), share(person)]);
    await service.quiet();
    expect((await points(person)).balance).toBe(4);
    const letters = (await service.call('GET', '/engagement/dead-letters')).body;
    expect(letters).toMatchObject([
      { consumer: 'engagement-activities', reason: `there is no person "${stranger}"` },
    ]);
  });

  it('in the future, or with too much data, is refused', async () => {
    const person = await addPerson(service, 'big@act.test');
    expect(await report(training(person, { occurredAt: '2026-03-03T00:00:00Z' }))).toMatchObject({
      status: 422,
      body: { code: 'activity_in_future' },
    });
    expect(await report(training(person, { data: { text: 'x'.repeat(1_500_000) } }))).toMatchObject({
      status: 413,
      body: { code: 'event_too_large' },
    });
    expect((await points(person)).balance).toBe(0);
  });
});

describe('a threshold', () => {
  const shares = (personId: string, days: readonly number[]): NewActivity[] =>
    days.map((day) => ({
      id: newId(),
      type: 'content.shared',
      personId,
      objectId: newId(),
      occurredAt: Date.parse(`2026-02-${String(day).padStart(2, '0')}T12:00:00Z`),
      data: { network: 'x' },
    }));
  const record = (activities: NewActivity[]): Promise<void> =>
    service.app
      .get(DataSource)
      .transaction((manager) =>
        service.app.get(ActivitiesService, { strict: false }).recordTold(manager, activities),
      );

  it('is reached once, also when two batches carry people over it together', async () => {
    const people = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => addPerson(service, `badge${i}@act.test`)));
    const batch = (days: number[]): NewActivity[] => people.flatMap((id) => shares(id, days));
    await Promise.all([
      record(batch([1, 2, 3, 4])),
      record(batch([5, 6, 7, 8]).toReversed()),
      record(batch([9, 10, 11])),
    ]);
    for (const person of people) {
      const badges = (await service.call('GET', `/engagement/people/${person}/badges`)).body
        .map(({ badge }: { badge: string }) => badge)
        .sort();
      expect(badges).toEqual(['first-share', 'ten-shares']);
      expect(await told('badge.earned', person)).toHaveLength(2);
      // No workflow starts at either.
      expect(await told('metric.reached', person)).toHaveLength(0);
    }
  });
});

describe('a board', () => {
  const board = '/engagement/boards/weekly-company';
  const places = async (url: string) =>
    (await service.call('GET', url)).body.places as { personId: string; rank: number; score: number }[];

  it('closes once, with ranks 1-1-3, equals in order of who got there first, late events counted within the grace', async () => {
    const [ann, ben, cat, late] = await Promise.all(
      ['ann', 'ben', 'cat', 'late'].map((name) => addPerson(service, `${name}@board.test`)),
    );
    await service.moveTo('2026-03-22T21:00:00Z');
    await report([
      training(ann!, { occurredAt: '2026-03-18T10:00:00Z' }),
      training(ben!, { occurredAt: '2026-03-17T10:00:00Z' }),
      // Sunday 23:30 in Rome is still this week; the next half hour is not.
      { ...training(cat!, { occurredAt: '2026-03-16T00:30:00+01:00' }), type: 'suggestion.published' },
    ]);
    expect((await places(board)).map(({ personId, rank }) => [personId, rank])).toEqual([
      [ben, 1],
      [ann, 1],
      [cat, 3],
    ]);
    await service.moveTo('2026-03-23T10:59:00Z');
    await report(training(late!, { occurredAt: '2026-03-22T22:59:00Z' }));
    await report(training(late!, { occurredAt: '2026-03-22T23:00:00Z' }));
    expect((await service.call('GET', `${board}/closings/2026-W12`)).status).toBe(404);
    await service.moveTo('2026-03-23T11:00:00Z');
    const closed = await places(`${board}/closings/2026-W12`);
    expect(closed.map(({ personId, rank, score }) => [personId, rank, score])).toEqual([
      [ben, 1, 50],
      [ann, 1, 50],
      [late, 1, 50],
      [cat, 4, 25],
    ]);
  });

  it('that is closed does not change any more', async () => {
    const before = await places(`${board}/closings/2026-W12`);
    const person = await addPerson(service, 'too-late@board.test');
    await report(training(person, { occurredAt: '2026-03-18T10:00:00Z' }));
    await service.moveTo('2026-03-30T11:00:00Z');
    expect(await places(`${board}/closings/2026-W12`)).toEqual(before);
    const closings = (await service.call('GET', `${board}/closings`)).body.map(
      ({ periodKey }: { periodKey: string }) => periodKey,
    );
    expect(closings).toEqual([...new Set(closings)]);
    expect(closings.slice(0, 2)).toEqual(['2026-W13', '2026-W12']);
    const told = await service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject = 'laurel.evt.board.closed' AND envelope LIKE '%weekly-company%'`,
    );
    // What happened long ago closes its boards too, but nobody is mailed last year's.
    expect(closings.length).toBeGreaterThan(2);
    expect(told).toHaveLength(2);
    const data = told
      .map(({ envelope }) => JSON.parse(envelope).data)
      .find(({ periodKey }) => periodKey === '2026-W12');
    expect(data).toMatchObject({
      participants: 4,
      start: '2026-03-15T23:00:00.000Z',
      end: '2026-03-22T23:00:00.000Z',
    });
  });
});

describe('the ledger', () => {
  it('adds up to every balance', async () => {
    const wrong = await service.query(
      `SELECT person_id FROM balances FULL JOIN (SELECT person_id, sum(points) AS sum FROM ledger GROUP BY person_id) l USING (person_id)
       WHERE balance IS DISTINCT FROM COALESCE(sum, 0) OR lifetime <> balance`,
    );
    expect(wrong).toEqual([]);
    const {
      points: total,
      balances,
      byRule,
    } = (await service.call('GET', '/engagement/points/summary')).body;
    expect(total).toBe(balances);
    expect(byRule.reduce((sum: number, rule: { points: number }) => sum + rule.points, 0)).toBe(total);
  });
});
