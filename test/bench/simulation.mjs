import { readFileSync } from 'node:fs';
import pg from 'pg';
import { withSuite } from './support.mjs';

const PEOPLE = 10_000;
const SOURCE = `id: bench
name: Bench
on: { metric: shares, reaches: 20, per: month }
stop_when: { event: training.attended }
steps:
  - { id: points, award: { points: 10 } }
  - id: mail
    wait: { for: 2d, at: "09:00", days: working, zone: recipient }
    if: person.metric("shares", "last_30_days") >= 20
    send: { template: first-share-thanks }
`;

/** A workflow played over the stored log: activities a second beside reading the same rows, and the service's memory meanwhile. */
export async function bench({ activities = '1000000' }) {
  const count = Number(activities);
  await withSuite(async (client, suite) => {
    const database = new pg.Pool({ connectionString: suite.databaseUrls.engagement, max: 1 });
    await fill(database, count);
    const floor = await timed(() => readAll(database));
    const pid = suite.services.engagement.pid;
    const before = memoryOf(pid);
    let peak = before;
    let result;
    const samples = [];
    const ask = { source: SOURCE, from: '2025-10-01', until: '2026-01-01' };
    const own = await timed(async () => {
      for await (const line of client.engagement.lines('/engagement/simulations', ask)) {
        const memory = memoryOf(pid);
        peak = Math.max(peak, memory);
        if (line.progress) samples.push({ played: line.progress.played, memory });
        if (line.error) throw new Error(line.error);
        result = line.result ?? result;
      }
    });
    await database.end();
    print(count, { floor, own, before, peak, samples, result });
  });
}

async function fill(database, count) {
  await database.query(
    `INSERT INTO people (id, email, name, locale, zone, seniority, created_at, updated_at)
     SELECT gen_random_uuid(), 'p' || i || '@bench.example', 'Person ' || i, 'en', 'Europe/Rome', 'employee', now(), now()
     FROM generate_series(1, $1) i`,
    [PEOPLE],
  );
  await database.query(
    `INSERT INTO activities (id, type, person_id, object_id, occurred_at, day, data)
     SELECT gen_random_uuid(), CASE WHEN n % 50 = 0 THEN 'training.attended' ELSE 'content.shared' END, person, NULL, at,
       (at AT TIME ZONE 'Europe/Rome')::date, '{"network": "linkedin"}'
     FROM (SELECT n, id AS person, timestamptz '2025-10-01' + n * (interval '92 days' / $1::float8) AS at
           FROM generate_series(0, $1::int - 1) n
           JOIN (SELECT id, row_number() OVER () - 1 AS place FROM people) p ON place = (n::bigint * 7919) % ${PEOPLE}) rows`,
    [count],
  );
  await database.query(
    `INSERT INTO metric_days (person_id, metric, day, value)
     SELECT person_id, 'shares', day, count(*) FROM activities WHERE type = 'content.shared' GROUP BY 1, 3`,
  );
  await database.query('VACUUM ANALYZE activities');
}

/** What reading the log alone takes: the same pages, in the same order. */
async function readAll(database) {
  let cursor = ['-infinity', '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const { rows } = await database.query(
      `SELECT id, type, person_id, occurred_at, occurred_at::text AS exactly, data FROM activities WHERE occurred_at >= $1 AND (occurred_at, id) > ($1, $2)
       ORDER BY occurred_at, id LIMIT 2000`,
      cursor,
    );
    if (rows.length === 0) return;
    // As text: a Date would round the microseconds off, and the last row would be read for ever.
    cursor = [rows.at(-1).exactly, rows.at(-1).id];
  }
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** Resident memory of a process, in MB. */
const memoryOf = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

function print(count, { floor, own, before, peak, samples, result }) {
  const rate = (seconds) => Math.round(count / seconds).toLocaleString('en');
  const at = (share) => samples[Math.floor(samples.length * share)]?.memory.toFixed(0);
  process.stdout.write(
    [
      `  ${count.toLocaleString('en')} activities of ${PEOPLE.toLocaleString('en')} people: ${result.runs.started} runs, ${result.mails} mails, ${result.points} points`,
      `  reading the rows alone   ${floor.toFixed(1)} s   ${rate(floor)} activities/s`,
      `  the simulation           ${own.toFixed(1)} s   ${rate(own)} activities/s   ratio ${((100 * floor) / own).toFixed(0)} %`,
      `  memory of the service    ${before.toFixed(0)} MB before; ${at(0.25)} / ${at(0.5)} / ${at(0.95)} MB at a quarter, half, the end; at most ${peak.toFixed(0)} MB`,
      '',
    ].join('\n'),
  );
}
