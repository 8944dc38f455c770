import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf } from './engine/cpu.mjs';
import { openStage } from './engine/stage.mjs';
import { printStatements } from './engine/table.mjs';
import { askBoards, clientOf, feed } from './scoring/feed.mjs';
import { floor } from './scoring/floor.mjs';
import { latency } from './scoring/latency.mjs';
import { writeProgramme } from './scoring/programme.mjs';
import { printScoring } from './scoring/table.mjs';

const KEY = `lrl_${'s'.repeat(43)}`;
const FLOOR = 40_000;

/** Scoring with 30 rules, 40 badges and 6 boards, from the POST to what is committed, beside the floor of the same run. */
export async function bench(options) {
  const [count, people] = [Number(options.activities ?? 200_000), Number(options.people ?? 100_000)];
  const stage = await openStage({ ...options, write: writeProgramme, env: { LAUREL_FIRST_ADMIN_KEY: KEY } });
  const client = clientOf(stage, KEY);
  try {
    const ids = await addPeople(stage.database, people);
    const wanted = options.only?.split(',') ?? ['floor', 'feed', 'latency'];
    const figures = wanted.includes('floor') ? await floor(stage, ids, FLOOR) : {};
    // The month before, so that most of what there is to count has begun.
    if (wanted.includes('feed')) await feed(stage, client, ids, { from: 0, count: Math.min(count, 50_000) });
    await stage.database.query('VACUUM ANALYZE');
    if (wanted.includes('feed')) Object.assign(figures, await measured(stage, client, ids, count, options));
    if (wanted.includes('latency'))
      Object.assign(figures, await latency(stage, client, ids, Number(options.seconds ?? 10)));
    if (options.json) process.stdout.write(`${JSON.stringify({ sizes: { count, people }, figures })}\n`);
    else printScoring({ count, people }, figures);
  } finally {
    await client.close();
    await stage.close();
  }
}

async function measured(stage, client, people, count, { profile, statements }) {
  await askBoards(client);
  if (statements) await stage.database.query('SELECT pg_stat_statements_reset()');
  const before = await rowsOf(stage.database);
  await profiling(profile, true);
  const { result, service, postgres } = await cpuOf(stage, count, () =>
    feed(stage, client, people, { from: 1_000_000_000, count }),
  );
  await profiling(profile, false);
  if (statements) await printStatements(stage, 'feed');
  const after = await rowsOf(stage.database);
  await check(stage.database);
  const written = Object.fromEntries(Object.keys(after).map((t) => [t, (after[t] - before[t]) / count]));
  return { ...result, serviceCpuUs: service, postgresCpuUs: postgres, written };
}

const TABLES = ['activities', 'ledger', 'metric_days', 'badge_awards', 'refusals', 'rule_usages', 'outbox'];

async function rowsOf(database) {
  const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ');
  const { rows } = await database.query(`SELECT ${counts}`);
  return rows[0];
}

/** A figure of work that was done wrong is worth nothing. */
async function check(database) {
  const { rows } = await database.query(
    `SELECT count(*)::int AS wrong FROM balances b FULL JOIN (SELECT person_id, sum(points) AS points FROM ledger GROUP BY 1) l
     USING (person_id) WHERE coalesce(b.balance, 0) <> coalesce(l.points, 0)`,
  );
  if (rows[0].wrong > 0) throw new Error(`${rows[0].wrong} balances differ from the ledger`);
}

async function addPeople(database, count) {
  const { rows } = await database.query(
    `INSERT INTO people (id, email, name, locale, zone, seniority, team, department, created_at, updated_at)
     SELECT gen_random_uuid(), 'p' || i || '@bench.example', 'Person ' || i, 'en', (ARRAY['Europe/Rome', 'Europe/Warsaw',
       'Asia/Kuala_Lumpur', 'Europe/London'])[1 + i % 4], 'employee', 'Team ' || i / 8, 'Department ' || i / 500, now(), now()
     FROM generate_series(1, $1) i RETURNING id`,
    [count],
  );
  await database.query('VACUUM ANALYZE');
  return rows.map(({ id }) => id);
}

async function profiling(folder, wanted) {
  if (!folder) return;
  if (wanted) await writeFile(join(folder, 'on'), '');
  else await rm(join(folder, 'on'), { force: true });
  await pause(300);
}
