import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson, startEngagement, useEngagement } from '../../../../test/support/engagement.js';
import type { Stage } from '../../../../test/support/engagement.js';
import { until } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';
import { StartsService } from './starts.service.js';
import type { Incoming } from './turns.js';

/** Small workflows beside those of the programme. */
const workflows = {
  probe: `
id: probe
name: Waits a day, then mails
on: { event: training.attended, key: event.objectId }
stop_when: { event: suggestion.published, key: event.objectId }
steps:
  - { id: mail, wait: { for: 1d, since: start }, send: { template: invite, data: { invitationId: event.objectId } } }
`,
  crooked: `
id: crooked
name: Mails everybody in a team, one of them under an impossible address
on: { event: suggestion.published, if: has(event.crooked) }
audience: person.team == "crooked"
steps:
  - { id: mail, send: { template: invite, to: 'person.seniority == "ghost" ? "nobody" : person.id' } }
`,
  byHand: `
id: by-hand
name: Mails somebody when asked to
on: { manual: true }
steps:
  - { id: mail, send: { template: invite } }
`,
  heavy: `
id: heavy
name: Waits a day, then asks for a mail with all the data twice
on: { event: suggestion.published, if: has(event.text), key: event.objectId }
steps:
  - { id: mail, wait: { for: 1d, since: start }, send: { template: invite, data: { a: event.text, b: event.text } } }
`,
  daily: `
id: daily
name: Mails everybody in sales every day at nine
on: { schedule: '0 9 * * *', zone: Europe/Rome }
audience: person.team == "sales"
steps:
  - { id: mail, send: { template: invite, data: { invitationId: person.id } } }
`,
  nudge: `
id: nudge
name: Nudges every lead, unless they have been trained
on: { event: suggestion.published }
audience: person.team == "leads"
stop_when: { event: training.attended }
steps:
  - { id: mail, send: { template: invite, data: { invitationId: person.id } } }
`,
};

let nats: Stage['nats'];
let service: TestService;
let replica: TestService;
let neighbour: Neighbour;

useEngagement((stage) => ({ nats, service, replica, neighbour } = stage), { workflows, replica: true });

const mailsTo = async (workflow: string): Promise<string[]> =>
  (
    await service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject = 'laurel.evt.notification.requested'`,
    )
  )
    .map(({ envelope }) => JSON.parse(envelope).data)
    .filter((data) => data.workflow.id === workflow)
    .map((data) => data.personId);
const runsOf = (key: string): Promise<{ id: string; status: string; reason: string | null }[]> =>
  service.query(`SELECT id, status, reason FROM runs WHERE key = $1 ORDER BY triggered_at`, [key]);
const incoming = (type: string, key: string, personId: string, minute: number): Incoming => ({
  id: newId(),
  type,
  occurredAt: Date.parse('2026-03-02T07:00:00Z') + minute * 6e4,
  data: {
    objectId: key,
    personId,
  },
});
const take = (on: TestService, events: Incoming[]): Promise<void> =>
  on.app
    .get(DataSource)
    .transaction((manager) => on.app.get(StartsService, { strict: false }).take(manager, events));
const quiet = async (): Promise<void> => {
  await service.quiet();
  await replica.quiet();
};

describe('a run', () => {
  const activity = (type: string, personId: string, key: string, minute: number) => ({
    type,
    personId,
    objectId: key,
    id: newId(),
    occurredAt: `2026-03-02T07:${minute}:00Z`,
  });
  const report = (body: unknown) => service.call('POST', '/engagement/activities', body);

  it('is stopped by an event that arrived before the start it is meant for', async () => {
    const [person, key] = [await addPerson(service, 'early@run.test'), newId()];
    await report(activity('suggestion.published', person, key, 30));
    await quiet();
    await report(activity('training.attended', person, key, 10));
    await quiet();
    expect(await runsOf(key)).toMatchObject([
      { status: 'cancelled', reason: expect.stringMatching(/had happened before/) },
    ]);
  });

  it('is not stopped by what happened before its trigger', async () => {
    const [person, key] = [await addPerson(service, 'order@run.test'), newId()];
    await report([
      activity('suggestion.published', person, key, 10),
      activity('training.attended', person, key, 30),
    ]);
    await quiet();
    expect(await runsOf(key)).toMatchObject([{ status: 'waiting' }]);
    await report(activity('suggestion.published', person, key, 50));
    await quiet();
    expect(await runsOf(key)).toMatchObject([{ status: 'stopped' }]);
  });

  it('with a living key is not started twice', async () => {
    const [person, key] = [await addPerson(service, 'living@run.test'), newId()];
    await report([
      activity('training.attended', person, key, 10),
      activity('training.attended', person, key, 11),
    ]);
    await Promise.all([
      take(service, [incoming('training.attended', key, person, 12)]),
      take(replica, [incoming('training.attended', key, person, 13)]),
    ]);
    await quiet();
    expect(await runsOf(key)).toHaveLength(1);
  });

  it('follows one that is stopped in the same batch', async () => {
    const [person, key] = [await addPerson(service, 'again@run.test'), newId()];
    await take(service, [incoming('training.attended', key, person, 0)]);
    await take(service, [
      incoming('training.attended', key, person, 20),
      incoming('suggestion.published', key, person, 10),
    ]);
    expect((await runsOf(key)).map(({ status }) => status)).toEqual(['stopped', 'waiting']);
  });

  it.each([
    ['the stop', 'the start', 'cancelled', ['suggestion.published', 20], ['training.attended', 10]],
    ['the start', 'the stop', 'stopped', ['training.attended', 10], ['suggestion.published', 20]],
  ] as const)(
    'ends when %s is being handled while another replica takes %s',
    async (_first, _second, status, first, second) => {
      const [person, key] = [await addPerson(service, `race-${status}@run.test`), newId()];
      const held = service.app.get(DataSource).createQueryRunner();
      await held.startTransaction();
      await service.app
        .get(StartsService, { strict: false })
        .take(held.manager, [incoming(first[0], key, person, first[1])]);
      const other = take(replica, [incoming(second[0], key, person, second[1])]);
      await Promise.race([other, pause(150)]);
      await held.commitTransaction();
      await held.release();
      await other;
      expect(await runsOf(key)).toMatchObject([{ status }]);
    },
  );

  it('mails when its wait is over, once although two replicas watch, and shows its timeline', async () => {
    const [person, key] = [await addPerson(service, 'timer@run.test'), newId()];
    await report(activity('training.attended', person, key, 10));
    await quiet();
    // A day after what started it, not after it was handled.
    await Promise.all([service.moveTo('2026-03-03T07:09:00Z'), replica.moveTo('2026-03-03T07:09:00Z')]);
    expect((await mailsTo('probe')).filter((id) => id === person)).toHaveLength(0);
    await Promise.all([service.moveTo('2026-03-03T08:10:00Z'), replica.moveTo('2026-03-03T08:10:00Z')]);
    expect((await mailsTo('probe')).filter((id) => id === person)).toHaveLength(1);
    const id = (await runsOf(key))[0]!.id;
    const run = (await service.call('GET', `/engagement/runs/${id}`)).body;
    expect(run).toMatchObject({
      status: 'done',
      event: { objectId: key },
      intents: [{ kind: 'send', what: 'invite', personId: person }],
    });
    expect(
      run.timeline.map(({ kind, outcome }: { kind: string; outcome: string }) => `${kind} ${outcome}`),
    ).toEqual(['run started', 'wait waiting', 'wait passed', 'send sent', 'run done']);
  });
});

describe('a fan-out', () => {
  const crowd = 1_200;
  const people = Array.from({ length: crowd }, newId);

  beforeAll(async () => {
    await service.query(
      `INSERT INTO people (id, email, name, locale, zone, seniority, created_at, updated_at)
       SELECT id, id || '@crowd.test', 'Crowd', 'en', 'Europe/Rome', 'employee', '2026-01-01', '2026-01-01' FROM unnest($1::uuid[]) AS id`,
      [people],
    );
    await service.query(
      `INSERT INTO invitations (id, person_id, wave, sent_at, expires_at, accepted_at)
       SELECT gen_random_uuid(), id, 'crowd', '2026-01-01', '2027-01-01', '2026-01-02' FROM unnest($1::uuid[]) AS id`,
      [people],
    );
  });

  /** The second page cannot commit while this stands: as if the process were killed there. */
  const breakSecondPage = async (): Promise<void> => {
    await service.query(
      `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed' USING ERRCODE = 'admin_shutdown'; END $$`,
    );
    await service.query(
      `CREATE TRIGGER broken BEFORE UPDATE ON expansions FOR EACH ROW WHEN (OLD.seen >= 500) EXECUTE FUNCTION broken()`,
    );
  };
  const mend = (): Promise<unknown> => service.query(`DROP FUNCTION broken CASCADE`);
  const closeBoard = (periodKey: string): Promise<string> =>
    neighbour.tell('board.closed', {
      closingId: newId(),
      board: 'weekly-company',
      periodKey,
      start: '2026-02-23T00:00:00Z',
      end: '2026-03-02T00:00:00Z',
      participants: 1,
      ranking: [
        {
          personId: people[0]!,
          rank: 1,
          score: 9,
        },
      ],
    });
  const seen = async (periodKey: string): Promise<{ seen: number; state: string; runId: string }> =>
    (
      await service.query<{ seen: number; state: string; runId: string }>(
        `SELECT seen, state, run_id AS "runId" FROM expansions JOIN run_events ON run_events.id = run_id WHERE step_id = 'everyone' AND run_events.event->>'periodKey' = $1`,
        [periodKey],
      )
    )[0] ?? { seen: 0, state: '', runId: '' };
  const mailsOf = (runId: string): Promise<{ person_id: string }[]> =>
    service.query(
      `SELECT person_id FROM intents WHERE starts_with(run_id, $1) AND what = 'weekly-leaderboard'`,
      [runId],
    );

  it('goes on after a kill where its checkpoint stands, and mails each of 1,200 people once', async () => {
    await breakSecondPage();
    await closeBoard('2026-W09');
    await until('the first page is done', async () => (await seen('2026-W09')).seen === 500);
    await pause(100);
    const { runId } = await seen('2026-W09');
    expect((await mailsOf(runId)).length).toBeLessThanOrEqual(500);
    await mend();
    await quiet();
    expect(await seen('2026-W09')).toMatchObject({ state: 'settled' });
    const mailed = (await mailsOf(runId)).map((row) => row.person_id);
    expect(mailed.sort()).toEqual([...people].sort());
    expect((await mailsTo('weekly-leaderboard')).sort()).toEqual(mailed);
    const run = (await service.call('GET', `/engagement/runs/${runId}`)).body;
    expect(run.status).toBe('done');
    // Branches that ended at once left no rows of run state.
    expect(await service.query(`SELECT FROM runs WHERE parent_id = $1`, [runId])).toEqual([]);
  });

  it('whose run is cancelled stops, and nothing more comes of it', async () => {
    await breakSecondPage();
    await closeBoard('2026-W08');
    await until('the first page is done', async () => (await seen('2026-W08')).seen === 500);
    const { runId } = await seen('2026-W08');
    const { body } = await service.call('POST', `/engagement/runs/${runId}/cancel`, { reason: 'wrong week' });
    expect(body).toMatchObject({ status: 'cancelled', reason: 'wrong week' });
    await mend();
    await quiet();
    expect(await seen('2026-W08')).toMatchObject({ seen: 500, state: 'settled' });
    expect((await mailsOf(runId)).length).toBeLessThanOrEqual(500);
  });

  it('leaves out whom a stop has met before their turn came', async () => {
    const [stopped, other] = await Promise.all(
      ['stopped', 'other'].map((name) => addPerson(service, `${name}@lead.test`, { team: 'leads' })),
    );
    await take(service, [
      incoming('suggestion.published', newId(), other!, 0),
      incoming('training.attended', newId(), stopped!, 5),
    ]);
    await quiet();
    expect(await mailsTo('nudge')).toEqual([other]);
  });
});

describe('a schedule', () => {
  it('fires once on each day, although two replicas race for it', async () => {
    const sellers = await Promise.all(
      [1, 2, 3].map((i) => addPerson(service, `seller${i}@run.test`, { team: 'sales' })),
    );
    const before = (await mailsTo('daily')).length;
    const days = ['04', '05', '06', '07', '08', '09'];
    // Nine in Rome is eight in UTC; nothing is due a minute before.
    for (const day of days) {
      for (const time of ['07:59', '08:00']) {
        await Promise.all([
          service.moveTo(`2026-03-${day}T${time}:00Z`),
          replica.moveTo(`2026-03-${day}T${time}:00Z`),
        ]);
        await quiet();
        const expected = (days.indexOf(day) + (time === '08:00' ? 1 : 0)) * sellers.length;
        expect((await mailsTo('daily')).length - before).toBe(expected);
      }
    }
    const firings = await service.query(
      `SELECT nominal FROM firings WHERE workflow_id = 'daily' AND nominal >= '2026-03-04'`,
    );
    expect(firings).toHaveLength(days.length);
  });

  it('tells when it is due next, so that virtual time can go there', async () => {
    const clock = async () => (await service.call('GET', '/clock')).body;
    // A routine look of a poller may fall on the very moment we ask.
    await until('nothing is done', async () => Object.keys((await clock()).waiting).length === 0);
    expect(await clock()).toMatchObject({
      mode: 'virtual',
      now: '2026-03-09T08:00:00.000Z',
      done: expect.any(Number),
    });
    await until('the next board closes', async () => (await clock()).nextDue === '2026-03-09T11:00:00.000Z');
  });
});

describe('a run that cannot go on', () => {
  it('fails with the reason and holds nobody up', async () => {
    const [person, heavy, light] = [await addPerson(service, 'heavy@run.test'), newId(), newId()];
    const tell = (objectId: string, text: string) =>
      service.call('POST', '/engagement/activities', {
        type: 'suggestion.published',
        personId: person,
        objectId,
        data: { text },
      });
    // Once it fits an event; the mail would carry it twice, and be too large for the broker.
    await tell(heavy, 'x'.repeat(300_000));
    await tell(light, 'short');
    await quiet();
    await Promise.all([service.moveTo('2026-03-10T08:30:00Z'), replica.moveTo('2026-03-10T08:30:00Z')]);
    await quiet();
    expect(await runsOf(heavy)).toMatchObject([
      { status: 'failed', reason: expect.stringMatching(/could not go on/) },
    ]);
    expect(await runsOf(light)).toMatchObject([{ status: 'done' }]);
    expect(await mailsTo('heavy')).toEqual([person]);
  });
});

describe('one person of an audience who cannot be written to', () => {
  it('is passed over with the reason, and the others get theirs', async () => {
    const team = { team: 'crooked' };
    const good = await Promise.all([1, 2, 3].map((i) => addPerson(service, `c${i}@run.test`, team)));
    const ghost = await addPerson(service, 'ghost@run.test', { ...team, seniority: 'ghost' });
    await service.call('POST', '/engagement/activities', {
      type: 'suggestion.published',
      personId: ghost,
      data: { crooked: true },
    });
    await quiet();
    expect((await mailsTo('crooked')).sort()).toEqual(good.sort());
    const lines = await service.query<{ reason: string }>(
      `SELECT reason FROM run_log WHERE outcome = 'failed' AND reason LIKE '%passed over%'`,
    );
    expect(lines).toEqual([{ reason: expect.stringContaining(ghost) }]);
  });
});

describe('a wait', () => {
  it('moves along when the person moves to another zone', async () => {
    const person = await addPerson(service, 'mover@run.test', { zone: 'Europe/Rome' });
    await service.call('POST', '/engagement/invitations', { wave: 'movers', personIds: [person] });
    await quiet();
    const due = async (): Promise<string> => {
      const path = `/engagement/runs?workflow=invite-reminders&personId=${person}`;
      return (await service.call('GET', path)).body[0].dueAt;
    };
    // Invited on Tuesday 10 March: Thursday at nine, first in Rome, then in Kuala Lumpur.
    expect(await due()).toBe('2026-03-12T08:00:00.000Z');
    await service.call('PATCH', `/engagement/people/${person}`, { zone: 'Asia/Kuala_Lumpur' });
    await quiet();
    expect(await due()).toBe('2026-03-12T01:00:00.000Z');
  });
});

describe('a workflow', () => {
  it('that listens to nothing but a person is started by hand', async () => {
    const person = await addPerson(service, 'hand@run.test');
    const { status } = await service.call('POST', '/engagement/workflows/by-hand/start', {
      personId: person,
    });
    expect(status).toBe(202);
    expect(await mailsTo('by-hand')).toEqual([person]);
    const refused = await service.call('POST', '/engagement/workflows/probe/start', { personId: person });
    expect(refused.body.code).toBe('workflow_not_manual');
  });

  it.each(['board.closed', 'invitation.accepted', 'metric.reached', 'badge.earned', 'workflow.started'])(
    'cannot be started by a forged %s',
    async (type) => {
      const person = await addPerson(service, 'forger@run.test');
      const { status, body } = await service.call('POST', '/engagement/activities', {
        type,
        personId: person,
      });
      expect([status, body.errors[0].path]).toEqual([400, 'type']);
    },
  );
});

describe('starting several replicas at once', () => {
  it('on an empty database gives one version of everything and one first key', async () => {
    const { createTestDatabase } = await import('../../../../test/support/database.js');
    const database = await createTestDatabase({
      template: 'engagement',
      migrate: () => Promise.reject(new Error('there is one')),
    });
    const replicas = await Promise.all([1, 2, 3].map(() => startEngagement(nats.url, { database })));
    const [counts] = await replicas[0]!.query(
      `SELECT (SELECT max(version) FROM rule_versions) AS rules, (SELECT max(version) FROM workflow_versions) AS workflows,
         (SELECT count(*) FROM api_keys) AS keys`,
    );
    expect(counts).toEqual({ rules: 1, workflows: 1, keys: 1 });
    for (const one of replicas) await one.stop();
    await database.drop();
  });
});
