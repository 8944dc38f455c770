import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

/** Small workflows beside those of the programme. */
const workflows = {
  probe: `
id: probe
name: Waits a day, then mails, then waits for thanks
on: { event: training.attended, key: event.objectId }
stop_when: { event: suggestion.published, key: event.objectId }
steps:
  - { id: mail, wait: { for: 1d, since: start }, send: { template: invite, data: { invitationId: event.objectId } } }
  - { id: thanks, wait_for: { event: thanks.given, timeout: 30d } }
  - { id: last, send: { template: invite-reminder, data: { invitationId: event.objectId } } }
`,
  crooked: `
id: crooked
name: Gives points to the lead, which fails where there is none
on: { event: training.attended, if: has(event.whom), key: event.objectId }
steps:
  - { id: points, award: { points: 5, to: '"" + person.lead', reason: tried } }
`,
  team: `
id: team
name: Waits a minute with everybody in the team, then gives their leads points, then mails
on: { manual: true }
steps:
  - id: each
    for_each: { audience: 'person.team == "steered"' }
    steps:
      - { id: points, wait: { for: 1m }, award: { points: 5, to: '"" + person.lead', reason: tried } }
  - { id: after, emit: { event: suggestion.published, data: { done: '1' } } }
`,
};

const metricsToken = 'scraping-and-nothing-else';
let service: TestService;

useEngagement((stage) => ({ service } = stage), { workflows, env: { METRICS_TOKEN: metricsToken } });

const report = async (
  type: string,
  personId: string,
  objectId: string,
  at: string,
  data = {},
): Promise<void> => {
  const body = { type, personId, objectId, id: newId(), occurredAt: at, data };
  const { status, text } = await service.call('POST', '/engagement/activities', body);
  if (status >= 300) throw new Error(text);
  await service.quiet();
};
interface Seen {
  id: string;
  status: string;
  step: string | null;
  paused: boolean;
}
const find = async (query: string): Promise<Seen[]> =>
  (await service.call('GET', `/engagement/runs?${query}`)).body as Seen[];
const runOf = async (key: string): Promise<Seen> => (await find(`key=${key}`))[0]!;
const mails = async (key: string): Promise<string[]> =>
  (
    await service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject = 'laurel.evt.notification.requested' ORDER BY seq`,
    )
  )
    .map(({ envelope }) => JSON.parse(envelope).data)
    .filter(({ data }) => data.invitationId === key)
    .map(({ template }) => template);
/** Starts a run of `probe` at an instant, which waits at `mail` until a day later. */
const begin = async (at: string, personId?: string): Promise<{ key: string; person: string; id: string }> => {
  const [key, person] = [newId(), personId ?? (await addPerson(service, `${newId()}@steer.test`))];
  await report('training.attended', person, key, at);
  return { key, person, id: (await runOf(key)).id };
};
const order = (id: string, action: string, more = {}) =>
  service.call('POST', `/engagement/runs/${encodeURIComponent(id)}/${action}`, { reason: 'a test', ...more });
const bulk = (action: string, body: object) =>
  service.call('POST', `/engagement/runs/${action}`, { reason: 'a test', ...body });

describe('a search', () => {
  it('finds runs by workflow, person, step, verb and age, newest first, and tells how many there are', async () => {
    const first = await begin('2026-03-02T07:00:00Z');
    const second = await begin('2026-03-02T07:30:00Z', first.person);
    const answer = await service.call(
      'GET',
      `/engagement/runs?workflow=probe&personId=${first.person}&step=mail&verb=wait&status=living&limit=1`,
    );
    expect(answer.headers['total-count']).toBe('2');
    expect(answer.body.map((run: Seen) => run.id)).toEqual([second.id]);
    const next = /<(.*)>; rel="next"/.exec(answer.headers['link']!)![1]!;
    const rest = await service.call('GET', next);
    expect(rest.body.map((run: Seen) => run.id)).toEqual([first.id]);
    expect(rest.headers['link']).toBeUndefined();
    expect((await find(`workflow=probe&personId=${first.person}&olderThan=45m`)).map(({ id }) => id)).toEqual(
      [first.id],
    );
    expect(
      (await find(`workflow=probe&personId=${first.person}&from=2026-03-02T07:15:00Z`)).map(({ id }) => id),
    ).toEqual([second.id]);
    expect(await find(`personId=${first.person}&version=2`)).toEqual([]);
    expect((await service.call('GET', '/engagement/runs?colour=red')).status).toBe(400);
  });

  it('finds what failed by its reason', async () => {
    const person = await addPerson(service, 'wrong@steer.test');
    await report('training.attended', person, newId(), '2026-03-02T07:00:00Z', { whom: person });
    const found = await find('workflow=crooked&status=failed&error=CANNOT%20be%20answered');
    expect(found).toMatchObject([{ status: 'failed', step: 'points' }]);
    expect(await find('workflow=crooked&error=100%25')).toEqual([]);
  });
});

describe('a run', () => {
  it('shows its steps, version, timeline and what it waits for', async () => {
    const { id } = await begin('2026-03-01T06:00:00Z');
    const { body } = await service.call('GET', `/engagement/runs/${id}`);
    expect(body).toMatchObject({
      workflow: 'Waits a day, then mails, then waits for thanks',
      version: 1,
      step: 'thanks',
      verb: 'wait_for',
      awaits: { event: 'thanks.given' },
      paused: false,
      attempts: 0,
      steps: [
        { id: 'mail', words: ['wait', 'send'] },
        { id: 'thanks', words: ['wait_for'] },
        { id: 'last', words: ['send'] },
      ],
    });
    expect(body.timeline.map((line: { outcome: string }) => line.outcome)).toContain('sent');
    expect(body.intents).toMatchObject([{ what: 'invite' }]);
  });

  it('that is paused keeps still, and when it is resumed its timer fires once', async () => {
    const { id, key } = await begin('2026-03-02T07:50:00Z');
    expect((await order(id, 'pause')).body).toMatchObject({ status: 'waiting', paused: true });
    await service.moveTo('2026-03-03T08:00:00Z');
    expect(await mails(key)).toEqual([]);
    expect((await order(id, 'pause')).body.code).toBe('run_not_fit');
    expect((await order(id, 'resume')).body.paused).toBe(false);
    await service.quiet();
    expect(await mails(key)).toEqual(['invite']);
    const { timeline } = (await service.call('GET', `/engagement/runs/${id}`)).body;
    const outcomes = timeline.map((line: { outcome: string }) => line.outcome);
    expect(outcomes).toEqual(['started', 'waiting', 'paused', 'resumed', 'passed', 'sent', 'waiting']);
  });

  it('that is paused hears on its return what it waited for, once', async () => {
    const { id, key, person } = await begin('2026-03-01T06:00:00Z');
    await order(id, 'pause');
    await report('thanks.given', person, newId(), '2026-03-03T08:00:00Z');
    await report('thanks.given', person, newId(), '2026-03-03T08:00:00Z');
    expect(await runOf(key)).toMatchObject({ step: 'thanks', status: 'waiting' });
    await order(id, 'resume');
    await service.quiet();
    expect(await runOf(key)).toMatchObject({ status: 'done' });
    expect(await mails(key)).toEqual(['invite', 'invite-reminder']);
  });

  it('goes on behind a step that is skipped, and does what it is moved back to only once', async () => {
    const { id, key } = await begin('2026-03-02T09:00:00Z');
    expect((await order(id, 'skip')).body).toMatchObject({ step: 'thanks' });
    expect((await order(id, 'move', { step: 'nowhere' })).body.code).toBe('run_not_fit');
    expect((await order(id, 'move')).status).toBe(422);
    expect((await order(id, 'move', { step: 'mail' })).body).toMatchObject({ step: 'mail', verb: 'wait' });
    await order(id, 'move', { step: 'last' });
    expect(await runOf(key)).toMatchObject({ status: 'done' });
    expect(await mails(key)).toEqual(['invite-reminder']);
  });

  it('that has failed is retried when its cause is mended, and each step taken is audited', async () => {
    const lead = await addPerson(service, 'boss@steer.test');
    const person = await addPerson(service, 'mended@steer.test');
    const key = newId();
    await report('training.attended', person, key, '2026-03-03T07:00:00Z', { whom: lead });
    const [failed] = await find(`workflow=crooked&key=${key}`);
    expect((await order(failed!.id, 'retry')).body).toMatchObject({ status: 'failed' });
    await service.call('PATCH', `/engagement/people/${person}`, { leadId: lead });
    expect((await order(failed!.id, 'retry')).body).toMatchObject({ status: 'done' });
    expect((await order(failed!.id, 'retry')).body.code).toBe('run_not_fit');
    const audit = await service.call(
      'GET',
      `/engagement/audit?what=${encodeURIComponent(`run ${failed!.id}`)}`,
    );
    expect(audit.body).toMatchObject([
      {
        action: 'retry',
        before: { status: 'failed' },
        after: { status: 'done', order: { reason: 'a test' } },
      },
      { action: 'retry', before: { status: 'failed' }, after: { status: 'failed' } },
    ]);
    expect(audit.body[0].who).toMatch(/^first admin key/);
  });

  it('nobody knows cannot be steered, nor by who may only look', async () => {
    expect((await order('nobody', 'pause')).body.code).toBe('run_unknown');
    const { body } = await service.call('POST', '/engagement/keys', { name: 'HR', role: 'hr' });
    const asHr = { key: body.key as string };
    expect((await service.call('GET', '/engagement/runs?workflow=probe', undefined, asHr)).status).toBe(200);
    const asked = { reason: 'x', filter: { workflow: 'probe' } };
    expect((await service.call('POST', '/engagement/runs/cancel', asked, asHr)).status).toBe(403);
    expect((await service.call('POST', '/engagement/stop', { reason: 'x' }, asHr)).status).toBe(403);
  });
});

describe('steering many runs', () => {
  const alive = async (): Promise<string[]> =>
    (await find('workflow=probe&status=living&limit=500')).map(({ id }) => id);

  it('counts first, and does nothing without the count it has told', async () => {
    const { id, person } = await begin('2026-03-03T07:55:00Z');
    const filter = { workflow: 'probe', personId: person };
    const dry = await bulk('cancel', { filter });
    expect(dry.body).toMatchObject({
      dryRun: true,
      count: 1,
      runs: [id],
      steps: [{ workflow: 'probe', version: 1, step: 'mail', status: 'waiting', count: 1 }],
    });
    expect((await bulk('cancel', { filter, dryRun: false })).body.code).toBe('expect_missing');
    expect((await bulk('cancel', { filter, dryRun: false, expect: 2 })).body.code).toBe('count_changed');
    expect((await bulk('cancel', { filter: {}, dryRun: false, expect: 1 })).status).toBe(400);
    expect(await alive()).toContain(id);
  });

  it('cancels those of the filter and touches nothing else', async () => {
    const one = await begin('2026-03-03T07:56:00Z');
    const two = await begin('2026-03-03T07:57:00Z', one.person);
    const other = await begin('2026-03-03T07:58:00Z');
    const before = await alive();
    const { body } = await bulk('cancel', {
      filter: { workflow: 'probe', personId: one.person },
      dryRun: false,
      expect: 2,
    });
    expect(body).toMatchObject({ count: 2, changed: 2, unchanged: 0, failed: [], left: 0 });
    expect((await alive()).sort()).toEqual(before.filter((id) => ![one.id, two.id].includes(id)).sort());
    expect(await runOf(other.key)).toMatchObject({ status: 'waiting' });
    const audit = (await service.call('GET', `/engagement/audit?what=${encodeURIComponent('runs of probe')}`))
      .body;
    expect(audit[0]).toMatchObject({
      action: 'cancel',
      before: { count: 2, filter: { personId: one.person }, reason: 'a test' },
      after: { changed: 2 },
    });
    expect(audit[1].after).toBe('begun');
  });

  it('pauses, resumes, skips and moves as well', async () => {
    const runs = [await begin('2026-03-03T07:59:00Z'), await begin('2026-03-03T07:59:30Z')];
    const filter = { workflow: 'probe', from: '2026-03-03T07:59:00Z', to: '2026-03-03T07:59:30Z' };
    const doAll = async (action: string, more = {}): Promise<number> =>
      (await bulk(action, { filter, dryRun: false, expect: 2, ...more })).body.changed;
    const steps = async () => Promise.all(runs.map(async ({ key }) => (await runOf(key)).step));
    expect(await doAll('pause')).toBe(2);
    expect((await bulk('pause', { filter })).body.count).toBe(0);
    expect(await doAll('resume')).toBe(2);
    expect(await doAll('skip')).toBe(2);
    expect(await steps()).toEqual(['thanks', 'thanks']);
    expect((await bulk('move', { filter, version: 9, step: 'mail' })).status).toBe(404);
    expect(await doAll('move', { step: 'mail' })).toBe(2);
    expect(await steps()).toEqual(['mail', 'mail']);
    expect(await doAll('cancel')).toBe(2);
  });

  it('goes on with the others when one cannot be stored', async () => {
    const [good, bad] = [await begin('2026-03-03T07:59:40Z'), await begin('2026-03-03T07:59:41Z')];
    await service.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room for this one'; END $$`,
    );
    await service.query(
      `CREATE TRIGGER refuse BEFORE UPDATE ON runs FOR EACH ROW WHEN (NEW.id = '${bad.id}') EXECUTE FUNCTION refuse()`,
    );
    const filter = { workflow: 'probe', from: '2026-03-03T07:59:40Z', to: '2026-03-03T07:59:41Z' };
    const { body } = await bulk('cancel', { filter, dryRun: false, expect: 2 });
    await service.query(`DROP TRIGGER refuse ON runs`);
    expect(body).toMatchObject({ changed: 1, failed: [{ run: bad.id, reason: 'no room for this one' }] });
    expect(await runOf(good.key)).toMatchObject({ status: 'cancelled' });
  });
});

describe('a fan-out', () => {
  const gather = async (): Promise<void> => {
    const lead = await addPerson(service, `${newId()}@lead.test`);
    for (const leadId of [null, lead, lead]) {
      const id = await addPerson(service, `${newId()}@team.test`, { team: 'steered' });
      if (leadId) await service.call('PATCH', `/engagement/people/${id}`, { leadId });
    }
  };
  const started = async (): Promise<Seen> => {
    await service.call('POST', '/engagement/workflows/team/start', {});
    await service.quiet();
    return (await find('workflow=team'))[0]!;
  };
  const over = async (): Promise<void> =>
    service.moveTo(
      new Date(Date.parse((await service.call('GET', '/clock')).body.now) + 61_000).toISOString(),
    );
  const emitted = async (root: string): Promise<string[]> =>
    (
      await service.query<{ outcome: string }>(
        `SELECT outcome FROM run_log WHERE root_id = $1 AND step_id = 'after' AND outcome = 'emitted'`,
        [root],
      )
    ).map(({ outcome }) => outcome);

  it('that is paused holds its branches too, and they go on together', async () => {
    await gather();
    const root = await started();
    expect(root).toMatchObject({ status: 'expanding' });
    await order(root.id, 'pause');
    await over();
    const waiting = await find('workflow=team&branches=true&status=waiting');
    expect(waiting.map(({ paused }) => paused)).toEqual([true, true, true]);
    await order(root.id, 'resume');
    await service.quiet();
    expect((await find('workflow=team'))[0]).toMatchObject({ status: 'done' });
    expect(await emitted(root.id)).toEqual(['emitted']);
  });

  it('goes on once, although a failed branch of it is retried after its end', async () => {
    const root = await started();
    await over();
    const [failed] = await find(
      `workflow=team&branches=true&status=failed&from=${new Date(0).toISOString()}`,
    );
    expect(failed).toMatchObject({ step: 'points' });
    expect((await find('workflow=team'))[0]).toMatchObject({ status: 'done' });
    await order(failed!.id, 'skip');
    await service.quiet();
    expect(await find('workflow=team&branches=true&status=living')).toEqual([]);
    expect(await emitted(root.id)).toEqual(['emitted']);
  });
});

describe('the figures of a workflow', () => {
  it('tell how many wait, passed and how long they stood at each step', async () => {
    const { body } = await service.call('GET', '/engagement/workflows/probe/stats');
    expect(body.steps.map(({ step }: { step: string }) => step)).toEqual(['mail', 'thanks', 'last']);
    const [mail, thanks] = body.steps;
    expect(mail.passed).toBeGreaterThan(1);
    expect(mail.intents).toBeGreaterThan(1);
    expect(mail.p95).toBeGreaterThanOrEqual(86_400);
    expect(thanks.waiting).toBe((await find('workflow=probe&step=thanks&status=living&limit=500')).length);
    expect((await service.call('GET', '/engagement/workflows/nothing/stats')).status).toBe(404);
  });

  it('are told to Prometheus, who needs a key', async () => {
    expect((await service.call('GET', '/metrics', undefined, { key: null })).status).toBe(401);
    const { text, headers } = await service.call('GET', '/metrics');
    expect((await service.call('GET', '/metrics', undefined, { key: metricsToken })).status).toBe(200);
    expect((await service.call('GET', '/metrics', undefined, { key: `${metricsToken}!` })).status).toBe(401);
    expect((await service.call('GET', '/engagement/runs', undefined, { key: metricsToken })).status).toBe(
      401,
    );
    expect(headers['content-type']).toMatch(/^text\/plain; version=0.0.4/);
    const lines = text.trimEnd().split('\n');
    const sample = /^[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)*\})? [0-9.e+-]+$/;
    expect(lines.filter((line) => !line.startsWith('# ') && !sample.test(line))).toEqual([]);
    expect(text).toMatch(/^laurel_runs_started_total\{workflow="probe"\} [1-9]/m);
    expect(text).toMatch(/^laurel_steps_total\{workflow="probe",step="mail",outcome="sent"\} [1-9]/m);
    expect(text).toMatch(
      /^laurel_runs_living\{step="\w+",paused="false",status="waiting",workflow="probe"\} [1-9]/m,
    );
    expect(text).toMatch(/^laurel_timer_lag_seconds_count\{workflow="probe"\} [1-9]/m);
    for (const name of ['outbox_pending', 'consumer_pending', 'dead_letters', 'timers_due', 'fan_outs_open'])
      expect(text).toContain(`# TYPE laurel_${name} gauge`);
  });
});
