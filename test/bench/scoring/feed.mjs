import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { activityAt } from './activities.mjs';
import { boards } from './programme.mjs';

const BATCH = 1000;
const AT_ONCE = 4;
const SLICE = 50_000;

/** Asks the service; fails with its answer unless that is 200. */
export function clientOf({ url }, key) {
  const pool = new Pool(url, { connections: 16, headersTimeout: 60_000 });
  const call = async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await pool.request({ path: `/engagement/${path}`, method, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };
  return { call, close: () => pool.close() };
}

/** Memory of the service now, in MB. */
export const memoryOf = ({ service }) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))[1]) / 1024);

/** Every board at its beginning. */
export const askBoards = (client) =>
  Promise.all(boards.map(({ id }) => client.call('GET', `boards/${id}?limit=10`)));

/**
 * Posts a feed in batches, four at once, while somebody looks at a board every quarter of a second; ends when all six boards have been
 * asked after the last commit. The bodies are made beforehand, a slice at a time, and not measured.
 */
export async function feed(stage, client, people, { from, count }) {
  const memory = [];
  let seconds = 0;
  for (let at = 0; at < count; at += SLICE) {
    const bodies = bodiesOf(from + at, Math.min(SLICE, count - at), { people, whole: count, from });
    const begin = performance.now();
    await postAll(client, bodies);
    await askBoards(client);
    seconds += (performance.now() - begin) / 1000;
    memory.push(memoryOf(stage));
  }
  return { perSecond: count / seconds, memory };
}

function bodiesOf(from, count, { people, whole, from: first }) {
  const now = Date.now() - 1000;
  const bodies = [];
  for (let at = 0; at < count; at += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - at) }, (_, index) => {
      const place = from + at + index;
      // The first feed is the month before that of the others.
      return { ...activityAt(place, whole, people, now), ...timeOf(place - first, whole, now, first === 0) };
    });
    bodies.push(JSON.stringify(batch));
  }
  return bodies;
}

const DAY_MS = 86_400_000;
const timeOf = (place, whole, now, isBefore) => ({
  occurredAt: new Date(now - (isBefore ? 28 * DAY_MS : 0) - 28 * DAY_MS * (1 - place / whole)).toISOString(),
});

async function postAll(client, bodies) {
  let next = 0;
  const course = { ended: false };
  const worker = async () => {
    while (next < bodies.length) await client.call('POST', 'activities', bodies[next++]);
  };
  const watcher = async () => {
    for (let turn = 0; !course.ended; turn++) {
      await client.call('GET', `boards/${boards[turn % boards.length].id}?limit=10`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  const watching = watcher();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  course.ended = true;
  await watching;
}
