import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';

const headersOf = (key) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });

/** Boards whose period ended before this began are closed first: that is no part of reading. */
export async function settled(origin, key) {
  const headers = headersOf(key);
  for (let tries = 0; tries < 300; tries++) {
    const clock = await (await fetch(`${origin}/clock`, { headers })).json();
    if (!('board closings' in clock.waiting)) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** What `measure` finds of each read over so many connections, and of a route that does nothing. */
export async function httpReads({ url, key, week }, connections, measure) {
  const pool = new Pool(url, { connections });
  const headers = headersOf(key);
  const get = (path) => async (id) => {
    const { body, statusCode } = await pool.request({ path: path(id), method: 'GET', headers });
    if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`);
    await body.dump();
  };
  const ofBoard = (path) => get((id) => `/engagement/boards/weekly-company${path(id)}period=${week}`);
  await ofBoard(() => '?limit=1&')();
  const figures = await measure({
    'bare route': get(() => '/health/live'),
    'top 100': ofBoard(() => '?limit=100&'),
    'my rank': ofBoard((id) => `/people/${id}?`),
    'around me': ofBoard((id) => `/people/${id}/around?`),
  });
  await pool.close();
  return figures;
}

/** 200 activities a second of a thousand people of the board, 20 at a time, until told to stop. */
export async function startWriting({ url, database }, key) {
  const headers = headersOf(key);
  await database.query(
    `INSERT INTO people (id, email, name, locale, zone, seniority, created_at, updated_at)
     SELECT person_id, row_number() OVER () || '@bench.test', 'B', 'en', 'UTC', 'junior', '2026-01-01', '2026-01-01' FROM (SELECT person_id FROM ledger LIMIT 1000) chosen`,
  );
  const { rows } = await database.query('SELECT id FROM people');
  let at = 0;
  const refused = [];
  const write = async () => {
    const activities = Array.from({ length: 20 }, () => ({
      type: 'training.attended',
      objectId: randomUUID(),
      personId: rows[at++ % rows.length].id,
      occurredAt: '2026-01-14T11:00:00Z',
    }));
    const body = JSON.stringify(activities);
    const answer = await fetch(`${url}/engagement/activities`, { method: 'POST', headers, body });
    if (!answer.ok) refused.push(await answer.text());
  };
  const timer = setInterval(() => void write(), 100);
  return {
    stop: () => {
      clearInterval(timer);
      process.stdout.write(
        `    (${at} activities sent, ${refused.length} batches refused${refused.length > 0 ? `: ${refused[0]}` : ''})\n`,
      );
    },
  };
}

export function printHttp(name, { 'bare route': bare, ...figures }) {
  const number = (value) => Math.round(value).toLocaleString('en').padStart(9);
  process.stdout.write(`  ${name}: a bare route of the same process ${number(bare).trim()}/s\n`);
  for (const [read, figure] of Object.entries(figures))
    process.stdout.write(
      `    ${read.padEnd(10)} ${number(figure)}/s   ratio to the bare route ${(figure / bare).toFixed(2)}\n`,
    );
}
