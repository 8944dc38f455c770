import { activityAt } from './activities.mjs';

const BATCH = 1000;
const AT_ONCE = 2;
const COLUMNS = 'id, type, person_id, object_id, occurred_at, day, data';
const TABLE = `unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[], $6::date[], $7::jsonb[])`;

/**
 * What the machine can do at most with the same activities: their rows alone into a plain table; and for each one ledger row, a
 * counter of the day and a balance, as the simplest programme would have them.
 */
export async function floor({ database }, people, count) {
  await database.query(`
    CREATE TABLE floor_activities (LIKE activities); ALTER TABLE floor_activities ADD PRIMARY KEY (id);
    CREATE TABLE floor_ledger (LIKE ledger); ALTER TABLE floor_ledger ADD PRIMARY KEY (id);
    CREATE TABLE floor_days (LIKE metric_days INCLUDING INDEXES);
    CREATE TABLE floor_balances (LIKE balances INCLUDING INDEXES)`);
  const rows = Array.from({ length: count }, (_, place) => activityAt(place, count, people, Date.now()));
  await each(rows.slice(0, 4 * BATCH), (batch) => insert(database, batch, LEDGER));
  await database.query('TRUNCATE floor_ledger, floor_days, floor_balances');
  const figures = {
    floorRowsPerSecond: await perSecond(rows, (batch) => insert(database, batch, [ROWS])),
    floorLedgerPerSecond: await perSecond(rows, (batch) => insert(database, batch, LEDGER)),
  };
  await database.query('DROP TABLE floor_activities, floor_ledger, floor_days, floor_balances');
  return figures;
}

const ROWS = `INSERT INTO floor_activities (${COLUMNS}) SELECT * FROM ${TABLE}`;
const LEDGER = [
  `INSERT INTO floor_ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
   SELECT id, person_id, 'earn', 2, type, 1, id, 'Share a post: 2 points.', occurred_at, now() FROM ${TABLE} AS a (${COLUMNS})`,
  `INSERT INTO floor_days (person_id, metric, day, value)
   SELECT person_id, type, day, count(*) FROM ${TABLE} AS a (${COLUMNS}) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
   ON CONFLICT (person_id, metric, day) DO UPDATE SET value = floor_days.value + EXCLUDED.value`,
  `INSERT INTO floor_balances (person_id, balance, lifetime)
   SELECT person_id, 2 * count(*), 2 * count(*) FROM ${TABLE} AS a (${COLUMNS}) GROUP BY 1 ORDER BY 1
   ON CONFLICT (person_id) DO UPDATE SET balance = floor_balances.balance + EXCLUDED.balance,
     lifetime = floor_balances.lifetime + EXCLUDED.lifetime`,
];

async function perSecond(rows, work) {
  const begin = performance.now();
  await each(rows, work);
  return (rows.length * 1000) / (performance.now() - begin);
}

async function each(rows, work) {
  let next = 0;
  const worker = async () => {
    while (next < rows.length) await work(rows.slice(next, (next += BATCH)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function insert(database, rows, statements) {
  const of = (field) => rows.map((row) => row[field]);
  const days = rows.map(({ occurredAt }) => occurredAt.slice(0, 10));
  const data = rows.map((row) => JSON.stringify(row.data));
  const parameters = [of('id'), of('type'), of('personId'), of('objectId'), of('occurredAt'), days, data];
  const client = await database.connect();
  await client.query('BEGIN');
  for (const text of statements) await client.query(text, parameters);
  await client.query('COMMIT');
  client.release();
}
