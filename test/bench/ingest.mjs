import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { compare, withSuite } from './support.mjs';

const BATCH = 100;
const BATCHES = 150;
const AT_ONCE = 4;

/** Activities a second from HTTP to ledger, badge and outbox, beside inserting the same rows into one table. */
export async function bench() {
  await withSuite(async (client, suite) => {
    const people = Array.from({ length: 200 }, (_, n) => `p${n}@x.example,Person ${n},Europe/Rome`);
    await client.engagement.send(
      '/engagement/people/import',
      'text/csv',
      ['email,name,zone', ...people].join('\n'),
    );
    const ids = (await client.engagement.get('/engagement/people?limit=1000')).map(({ id }) => id);
    const database = new pg.Pool({ connectionString: suite.databaseUrls.engagement, max: AT_ONCE });
    await database.query(
      'CREATE TABLE bench_rows (id uuid PRIMARY KEY, type text, person_id uuid, data jsonb)',
    );
    const batch = () =>
      Array.from({ length: BATCH }, (_, n) => ({
        id: randomUUID(),
        type: 'training.attended',
        personId: ids[n % ids.length],
      }));
    const insert = (rows) =>
      database.query(
        `INSERT INTO bench_rows SELECT id, type, "personId", '{}' FROM jsonb_to_recordset($1) AS r(id uuid, type text, "personId" uuid)`,
        [JSON.stringify(rows)],
      );
    const report = (rows) => client.engagement.post('/engagement/activities', rows);
    await compare(
      'activities',
      () => timed(batch, insert),
      () => timed(batch, report),
    );
    await database.end();
  });
}

async function timed(batch, work) {
  const begin = performance.now();
  for (let done = 0; done < BATCHES; done += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(batch())));
  return { perSecond: (BATCHES * BATCH * 1000) / (performance.now() - begin) };
}
