import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../engine/events.mjs';

const RATE = 200;
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** Activities one by one at 200 a second, each of which brings its person a badge: until that is committed, and until the broker has it. */
export async function latency({ database, connection }, client, people, seconds) {
  const [told, heard] = [new Map(), new Map()];
  const subscription = connection.subscribe('laurel.evt.badge.earned', {
    callback: (_error, message) => {
      const { badge, personId } = message.json().data;
      if (badge === 'answers-quarter') heard.set(personId, Date.now());
    },
  });
  // Seven answers are there already: the eighth is the one that counts.
  const chosen = people.slice(-RATE * seconds);
  await prepare(client, chosen);
  const posts = [];
  const begin = performance.now();
  for (const [index, personId] of chosen.entries()) {
    while (performance.now() < begin + (index * 1000) / RATE) await pause(1);
    told.set(personId, Date.now());
    posts.push(client.call('POST', 'activities', JSON.stringify(answerOf(personId))));
  }
  await Promise.all(posts);
  await until('all badges are told', () => chosen.every((personId) => heard.has(personId)));
  subscription.unsubscribe();
  const { rows } = await database.query(
    `SELECT person_id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 AS at FROM badge_awards
     WHERE badge = 'answers-quarter' AND person_id = ANY($1)`,
    [chosen],
  );
  const sorted = (list) => list.map(([id, time]) => time - told.get(id)).sort((a, b) => a - b);
  const committed = sorted(rows.map((row) => [row.person_id, Number(row.at)]));
  const arrived = sorted([...heard]);
  return {
    badgeP50Ms: at(committed, 0.5),
    badgeP99Ms: at(committed, 0.99),
    badgeToldP50Ms: at(arrived, 0.5),
    badgeToldP99Ms: at(arrived, 0.99),
  };
}

const answerOf = (personId) => ({ id: randomUUID(), type: 'pulse.answered', personId, data: { score: 5 } });

async function prepare(client, people) {
  const before = people.flatMap((personId) => Array.from({ length: 7 }, () => answerOf(personId)));
  for (let from = 0; from < before.length; from += 1000)
    await client.call('POST', 'activities', JSON.stringify(before.slice(from, from + 1000)));
  await pause(2000);
}
