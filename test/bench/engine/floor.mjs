import { randomUUID } from 'node:crypto';
import { activityEvent, publishAll } from './events.mjs';

const BATCH = 500;
const AT_ONCE = 2;

/** The same tables without what the engine needs around them: a primary key each, nothing else. */
const TABLES = { runs: 'id', ledger: 'id', intents: 'intent_key', outbox: 'event_id' };

/** What a machine can do at most: four rows a run by plain batched INSERT, and as many messages to JetStream. */
export async function floor({ database, connection }, runs) {
  for (const [table, key] of Object.entries(TABLES))
    await database.query(`CREATE TABLE floor_${table} (LIKE ${table} INCLUDING DEFAULTS INCLUDING IDENTITY);
      ALTER TABLE floor_${table} ADD PRIMARY KEY (${key})`);
  await insertAll(database, 4 * BATCH);
  const inserted = await perSecond(runs, () => insertAll(database, runs));
  const events = Array.from({ length: runs }, () => activityEvent('bench.floor', randomUUID()));
  const published = await perSecond(runs, () => publishAll(connection, events));
  for (const table of Object.keys(TABLES)) await database.query(`DROP TABLE floor_${table}`);
  return { floorRunsPerSecond: inserted, floorMessagesPerSecond: published };
}

async function perSecond(count, work) {
  const begin = performance.now();
  await work();
  return (count * 1000) / (performance.now() - begin);
}

async function insertAll(database, runs) {
  for (let done = 0; done < runs; done += BATCH * AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => insertBatch(database)));
}

async function insertBatch(database) {
  const rows = Array.from({ length: BATCH }, () => ({
    id: randomUUID(),
    event: randomUUID(),
    person: randomUUID(),
  }));
  const ids = rows.map(({ id }) => id);
  const people = rows.map(({ person }) => person);
  const client = await database.connect();
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO floor_runs (id, workflow_id, version, root_id, key, person_id, status, vars, triggered_at, started_at, ended_at)
     SELECT id, 'bench-runs', 1, id, key, person, 'done', '{}', now(), now(), now()
     FROM unnest($1::text[], $2::text[], $3::uuid[]) AS r(id, key, person)`,
    [ids, rows.map(({ event }) => event), people],
  );
  await client.query(
    `INSERT INTO floor_ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
     SELECT id, person, 'earn', 10, 'workflow:bench-runs', 1, id, 'Attended a training', now(), now()
     FROM unnest($1::uuid[], $2::uuid[]) AS r(id, person)`,
    [ids, people],
  );
  await client.query(
    `INSERT INTO floor_intents (intent_key, run_id, root_id, workflow_id, step_id, kind, person_id, what, at)
     SELECT key, id, id, 'bench-runs', 'mail', 'send', person, 'invite', now()
     FROM unnest($1::text[], $2::text[], $3::uuid[]) AS r(id, key, person)`,
    [ids, rows.map(({ id, person }) => `${id}:mail:-:${person}:1`), people],
  );
  await client.query(
    `INSERT INTO floor_outbox (event_id, subject, envelope) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])`,
    [ids, ids.map(() => 'laurel.evt.notification.requested'), rows.map(envelopeOf)],
  );
  await client.query('COMMIT');
  client.release();
}

/** As long as the event of a mail intent is. */
const envelopeOf = ({ id, event, person }) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: '/laurel/engagement',
    type: 'notification.requested',
    time: '2026-01-12T08:00:00.000Z',
    datacontenttype: 'application/json',
    traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
    data: {
      intentKey: `${id}:mail:-:${person}:1`,
      personId: person,
      template: 'invite',
      data: { invitationId: event },
      workflow: { id: 'bench-runs', version: 1, runId: id, stepId: 'mail' },
    },
  });
