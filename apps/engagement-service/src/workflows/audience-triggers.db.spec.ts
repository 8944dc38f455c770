import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addPerson } from '../../../../test/support/engagement.js';
import { Engine } from './engine.support.js';

const WORKFLOWS = [
  `
id: keen
name: Greets whoever has attended two trainings in a month
on: { enters: "person.team == \\"keen\\" && person.metric('trainings', 'last_30_days') >= 2" }
steps:
  - { id: mail, send: { template: invite } }
`,
  `
id: lapsed
name: Misses whoever has attended nothing lately, told apart in memory
on: { leaves: "(person.team + '!') == 'keen!' && person.metric('trainings', 'last_7_days') > 0" }
steps:
  - { id: mail, send: { template: invite } }
`,
  `
id: resting
name: Hears of people who want no mails for a while
on: { enters: person.paused }
steps:
  - { id: later, wait: 1d }
`,
  `
id: dip
name: Hears when the programme falls behind
on: { metric: trainings, drops: 0.5, per: week, against: usual, at_least: 2 }
steps:
  - { id: later, wait: 5d }
`,
];

const engine = new Engine(WORKFLOWS);
let before: string;
let person: string;

beforeAll(async () => {
  await engine.start();
  await engine.quiet();
  person = await addPerson(engine.service, 'entering@audience.test', { team: 'keen' });
  before = await addPerson(engine.service, 'other@audience.test', { team: 'idle' });
  await engine.quiet();
});
afterAll(() => engine.stop());

const train = (occurredAt: string, personId = person) => ({
  type: 'training.attended',
  personId,
  occurredAt,
});
const whose = async (workflow: string): Promise<(string | null)[]> =>
  (await engine.runs(workflow)).map(({ personId }) => personId);

describe('an audience', () => {
  it('starts a run for whoever begins to match, at once and only once', async () => {
    await engine.report(train('2026-03-01T10:00:00Z'));
    expect(await whose('keen')).toEqual([]);
    await engine.report(train('2026-03-01T11:00:00Z'), train('2026-03-01T12:00:00Z'));
    await engine.report(train('2026-03-01T13:00:00Z', before));
    expect(await whose('keen')).toEqual([person]);
    await engine.moveTo('2026-03-02T09:06:00Z');
    expect(await whose('keen')).toEqual([person]);
  });

  it('starts a run for whoever ceases to match because days go by', async () => {
    await engine.moveTo('2026-03-07T10:00:00Z');
    expect(await whose('lapsed')).toEqual([]);
    await engine.moveTo('2026-03-09T10:00:00Z');
    expect(await whose('lapsed')).toEqual([person]);
  });

  it('lets the same person enter again after leaving', async () => {
    await engine.moveTo('2026-05-10T10:00:00Z');
    await engine.report(train('2026-05-10T08:00:00Z'), train('2026-05-10T09:00:00Z'));
    expect(await whose('keen')).toEqual([person, person]);
  });

  it('says nothing of those who matched already when their condition came into force', async () => {
    // As if the workflow had just been published: its condition is not known yet.
    await engine.service.query(`DELETE FROM audience_triggers WHERE workflow_id = 'keen'`);
    await engine.service.query(`DELETE FROM audience_members WHERE workflow_id = 'keen'`);
    await engine.moveTo('2026-05-10T10:01:00Z');
    expect(
      await engine.service.query(`SELECT person_id FROM audience_members WHERE workflow_id = 'keen'`),
    ).toEqual([{ person_id: person }]);
    expect(await whose('keen')).toEqual([person, person]);
  });

  it('is told when it will be looked at next, so that virtual time can go there', async () => {
    const { nextDue } = (await engine.service.call('GET', '/clock')).body;
    expect(nextDue).toBe('2026-05-10T10:05:00.000Z');
  });

  it('knows who wants no mails for a while, until that is over', async () => {
    await engine.neighbour.tell('recipient.paused', { personId: before, until: '2026-06-01T00:00:00Z' });
    await engine.quiet();
    expect(await whose('resting')).toEqual([before]);
    await engine.moveTo('2026-06-01T01:00:00Z');
    expect(
      await engine.service.query(`SELECT person_id FROM audience_members WHERE workflow_id = 'resting'`),
    ).toEqual([]);
  });
});

describe('a metric of the whole programme', () => {
  it('that falls behind what is usual starts one run for its week', async () => {
    // Four weeks of four trainings, then one of one.
    for (const monday of ['2026-06-01', '2026-06-08', '2026-06-15', '2026-06-22']) {
      await engine.moveTo(`${monday}T12:00:00Z`);
      await engine.report(...['08', '09', '10', '11'].map((hour) => train(`${monday}T${hour}:00:00Z`)));
    }
    await engine.moveTo('2026-06-29T12:00:00Z');
    await engine.report(train('2026-06-29T08:00:00Z'));
    expect(await engine.runs('dip')).toEqual([]);
    await engine.moveTo('2026-07-06T03:59:00Z');
    expect(await engine.runs('dip')).toEqual([]);
    await engine.moveTo('2026-07-06T04:00:00Z');
    const [run, ...others] = await engine.runs('dip');
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      key: '2026-W27',
      personId: null,
      event: { value: 1, expected: 4, drop: 0.75 },
    });
  });
});
