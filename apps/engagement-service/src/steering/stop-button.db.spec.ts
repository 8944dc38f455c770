import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import { adminKey, until } from '../../../../test/support/service.js';
import type { TestService } from '../../../../test/support/service.js';

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
  other: `
id: other
name: Mails at once
on: { event: training.attended, key: event.objectId }
steps:
  - { id: mail, send: { template: invite-reminder, data: { invitationId: event.objectId } } }
`,
  daily: `
id: daily
name: Mails everybody in sales every day at nine, if it is not too late
on: { schedule: '0 9 * * *', zone: UTC, misfire: last, max_age: 2h }
audience: person.team == "sales"
steps:
  - { id: mail, send: { template: invite, data: { invitationId: person.id } } }
`,
};

let service: TestService;
let replica: TestService;
let another: () => Promise<TestService>;

useEngagement((stage) => ({ service, replica, another } = stage), { workflows, replica: true });

const quiet = async (): Promise<void> => {
  await service.quiet();
  await replica.quiet();
};
const moveTo = async (instant: string): Promise<void> => {
  await Promise.all([service.moveTo(instant), replica.moveTo(instant)]);
  await quiet();
};
const post = (path: string, on = service) => on.call('POST', `/engagement/${path}`, { reason: 'a test' });
const report = async (type: string, personId: string, objectId: string, at: string): Promise<void> => {
  const body = { type, personId, objectId, id: newId(), occurredAt: at };
  const { status, text } = await service.call('POST', '/engagement/activities', body);
  if (status >= 300) throw new Error(text);
  await quiet();
};
const mails = async (key: string): Promise<string[]> =>
  (
    await service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject = 'laurel.evt.notification.requested' ORDER BY seq`,
    )
  )
    .map(({ envelope }) => JSON.parse(envelope).data)
    .filter(({ data }) => data.invitationId === key)
    .map(({ template }) => template);
const runsOf = (key: string): Promise<{ workflow: string; status: string }[]> =>
  service.query(`SELECT workflow_id AS workflow, status FROM runs WHERE key = $1 ORDER BY 1`, [key]);

describe('the one big stop button', () => {
  it('holds everything in every replica, and loses nothing', async () => {
    const person = await addPerson(service, 'all@stop.test');
    const [before, accepted, during] = [newId(), newId(), newId()];
    await report('training.attended', person, before, '2026-03-02T07:00:00Z');
    await report('training.attended', person, accepted, '2026-03-02T07:00:00Z');
    expect((await post('stop', replica)).body.programme).toMatchObject({
      state: 'stopped',
      reason: 'a test',
    });
    await moveTo('2026-03-03T08:00:00Z');
    await report('training.attended', person, during, '2026-03-03T07:30:00Z');
    // Accepted during the stop, after the reminder was due: nobody is to be reminded of what they have done.
    await report('suggestion.published', person, accepted, '2026-03-03T07:45:00Z');
    expect([await mails(before), await mails(accepted), await mails(during)]).toEqual([
      ['invite-reminder'],
      ['invite-reminder'],
      [],
    ]);
    expect(await runsOf(during)).toEqual([]);
    const { programme: stop } = (await service.call('GET', '/engagement/stops')).body;
    expect(stop.held).toBeGreaterThanOrEqual(2);
    const [run] = (await service.call('GET', `/engagement/runs?key=${before}&workflow=probe`)).body;
    expect((await post(`runs/${run.id}/skip`)).body.code).toBe('stopped');

    expect((await post('resume')).status).toBe(200);
    await quiet();
    expect([await mails(before), await mails(accepted), await mails(during)]).toEqual([
      ['invite-reminder', 'invite'],
      ['invite-reminder'],
      ['invite-reminder'],
    ]);
    expect(await runsOf(accepted)).toContainEqual({ workflow: 'probe', status: 'stopped' });
    expect(await runsOf(during)).toContainEqual({ workflow: 'probe', status: 'waiting' });
    expect((await service.call('GET', '/engagement/stops')).body).toEqual({
      programme: null,
      workflows: [],
      failed: [],
    });
    expect((await post('resume')).body.code).toBe('not_stopped');
  });

  it('tells the services that send, with rising revisions, and stands in the audit', async () => {
    const told = await service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject = 'laurel.evt.programme.stopped' ORDER BY seq`,
    );
    const [stopped, resumed] = told.map(({ envelope }) => JSON.parse(envelope).data);
    expect([stopped.stopped, resumed.stopped]).toEqual([true, false]);
    expect(resumed.revision).toBeGreaterThan(stopped.revision);
    const { body } = await service.call('GET', '/engagement/audit?what=programme');
    expect(body.map(({ action }: { action: string }) => action).slice(0, 2)).toEqual(['resume', 'stop']);
  });

  it('is felt within two seconds', async () => {
    await post('stop');
    await pause(2_000);
    const [person, key] = [await addPerson(service, 'late@stop.test'), newId()];
    await report('training.attended', person, key, '2026-03-03T07:50:00Z');
    expect(await runsOf(key)).toEqual([]);
    await post('resume');
    await until('the run starts', async () => (await runsOf(key)).length === 2);
    await quiet();
  });

  it('sets aside a held event that cannot be taken, and takes it when asked again', async () => {
    const [person, key] = [await addPerson(service, 'poison@stop.test'), newId()];
    await post('stop');
    await report('training.attended', person, key, '2026-03-03T07:55:00Z');
    await service.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room for this one'; END $$`,
    );
    await service.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON runs FOR EACH ROW WHEN (NEW.key = '${key}') EXECUTE FUNCTION refuse()`,
    );
    await post('resume');
    await quiet();
    const { programme: stop, failed } = (await service.call('GET', '/engagement/stops')).body;
    expect([stop, failed]).toMatchObject([
      null,
      [{ type: 'training.attended', failure: 'no room for this one' }],
    ]);
    await service.query(`DROP TRIGGER refuse ON runs`);
    await post('resume');
    await quiet();
    expect(await runsOf(key)).toHaveLength(2);
    expect((await service.call('GET', '/engagement/stops')).body.failed).toEqual([]);
  });
});

describe('a workflow that is paused', () => {
  it('holds its own starts and waits, and nothing of others', async () => {
    const person = await addPerson(service, 'one@stop.test');
    const [waiting, during] = [newId(), newId()];
    await report('training.attended', person, waiting, '2026-03-02T08:30:00Z');
    await post('workflows/probe/pause');
    await moveTo('2026-03-03T08:40:00Z');
    await report('training.attended', person, during, '2026-03-03T08:35:00Z');
    expect(await runsOf(during)).toEqual([{ workflow: 'other', status: 'done' }]);
    expect(await mails(waiting)).toEqual(['invite-reminder']);
    const { workflows: stopped } = (await service.call('GET', '/engagement/stops')).body;
    expect(stopped).toMatchObject([{ scope: 'probe', state: 'stopped' }]);
    // What comes with it, such as a level, may be kept as well: too much does no harm.
    expect(stopped[0].held).toBeGreaterThanOrEqual(1);
    await post('workflows/probe/resume');
    await quiet();
    expect(await mails(waiting)).toEqual(['invite-reminder', 'invite']);
    expect(await runsOf(during)).toEqual([
      { workflow: 'other', status: 'done' },
      { workflow: 'probe', status: 'waiting' },
    ]);
    expect((await post('workflows/nothing/pause')).body.code).toBe('workflow_unknown');
  });

  it('stays so while the whole programme is stopped and resumed, and takes both later', async () => {
    const [person, key] = [await addPerson(service, 'both@stop.test'), newId()];
    await post('workflows/probe/pause');
    await post('stop');
    await report('training.attended', person, key, '2026-03-03T08:36:00Z');
    await post('resume');
    await quiet();
    expect(await runsOf(key)).toEqual([{ workflow: 'other', status: 'done' }]);
    await post('workflows/probe/resume');
    await quiet();
    expect(await runsOf(key)).toContainEqual({ workflow: 'probe', status: 'waiting' });
  });

  it('follows the misfire policy of its schedule when it goes on', async () => {
    const seller = await addPerson(service, 'seller@stop.test', { team: 'sales' });
    await post('workflows/daily/pause');
    await moveTo('2026-03-03T13:00:00Z');
    await post('workflows/daily/resume');
    await quiet();
    // Nine o'clock was four hours ago: too late.
    expect(await mails(seller)).toEqual([]);
    await post('workflows/daily/pause');
    await moveTo('2026-03-04T10:00:00Z');
    await post('workflows/daily/resume');
    await moveTo('2026-03-04T10:00:10Z');
    expect(await mails(seller)).toEqual(['invite']);
  });
});

/** Reads the live stream until told to stop. */
async function watch(
  query: string,
  lastEventId?: number,
): Promise<{ seen: { id: number; data: Record<string, string> }[]; text: () => string; stop: () => void }> {
  const stop = new AbortController();
  const headers = {
    authorization: `Bearer ${adminKey}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
  };
  const answer = await fetch(`${await service.app.getUrl()}/engagement/runs/stream?${query}`, {
    headers,
    signal: stop.signal,
  });
  const seen: { id: number; data: Record<string, string> }[] = [];
  let [text, rest] = ['', ''];
  const read = async (): Promise<void> => {
    for await (const chunk of answer.body!) {
      text += Buffer.from(chunk).toString();
      rest += Buffer.from(chunk).toString();
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const frame = /^id: (\d+)\nevent: run\ndata: (.*)$/.exec(rest.slice(0, end));
        if (frame) seen.push({ id: Number(frame[1]), data: JSON.parse(frame[2]!) });
        rest = rest.slice(end + 2);
      }
    }
  };
  // Broken off by us.
  read().catch(() => undefined);
  return { seen, text: () => text, stop: () => stop.abort() };
}

describe('the live stream', () => {
  it('tells each change of the runs asked for, and goes on behind the last one seen', async () => {
    const person = await addPerson(service, 'live@stop.test');
    const [first, second, third] = [newId(), newId(), newId()];
    const stream = await watch(`workflow=probe&personId=${person}`);
    await until('the stream is open', () => stream.text().startsWith('retry:'));
    await pause(300);
    await report('training.attended', person, first, '2026-03-04T09:00:00Z');
    await until('the first run is told', () => stream.seen.length > 0);
    expect(stream.seen).toHaveLength(1);
    expect(stream.seen[0]!.data).toMatchObject({
      workflow: 'probe',
      personId: person,
      status: 'waiting',
      step: 'mail',
      outcome: 'waiting',
    });
    stream.stop();
    await report('training.attended', person, second, '2026-03-04T09:01:00Z');
    await report('training.attended', person, third, '2026-03-04T09:02:00Z');
    const again = await watch(`workflow=probe&personId=${person}`, stream.seen[0]!.id);
    await until('what was missed is told', () => again.seen.length >= 2);
    const keys = await Promise.all(
      again.seen.map(
        async ({ data }) => (await service.call('GET', `/engagement/runs/${data['runId']}`)).body.key,
      ),
    );
    expect(keys).toEqual([second, third]);
    again.stop();
  });

  it('ends when the service stops', async () => {
    const other = await another();
    const answer = await fetch(`${await other.app.getUrl()}/engagement/runs/stream`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    const text = answer.text();
    await other.stop();
    expect(await text).toMatch(/^retry: 2000/);
  });

  it('needs a key', async () => {
    expect((await service.call('GET', '/engagement/runs/stream', undefined, { key: null })).status).toBe(401);
  });
});
