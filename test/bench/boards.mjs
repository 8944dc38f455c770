import { createHash } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { RankingsService } from '../../dist/apps/engagement-service/src/boards/rankings.service.js';
import { LivePlaces } from '../../dist/apps/engagement-service/src/boards/live-places.js';
import { periodFromKey } from '../../dist/libs/calendar/src/index.js';
import { openStage } from './engine/stage.mjs';
import { httpReads, printHttp, settled, startWriting } from './boards/http.mjs';
import { startRedis } from './boards/redis.mjs';

const SECONDS = 1;
const board = {
  id: 'weekly-company',
  name: 'W',
  metric: 'points',
  period: 'week',
  of: 'people',
  zone: 'Europe/Rome',
  grace: '12h',
};
const WEEK = '2026-W03';
const KEY = `lrl_${'b'.repeat(43)}`;
/** A uuid of a number, the same as in SQL below. */
const idOf = (n) =>
  createHash('md5')
    .update(`p${n}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');

/**
 * Reads a second of a board with a million people: the service's own reads, which ask PostgreSQL for changes ten times a second, beside sorted sets of Redis asked over TCP; then the same reads over HTTP, beside the
 * barest route of the same process, and once more while activities come in.
 */
export async function bench({ people = '1000000' }) {
  const count = Number(people);
  const stage = await openStage({
    // The week is running: nothing is closed meanwhile.
    env: {
      NODE_ENV: 'test',
      LAUREL_FIRST_ADMIN_KEY: KEY,
      LAUREL_CLOCK: 'virtual',
      LAUREL_CLOCK_START: '2026-01-14T12:00:00Z',
    },
  });
  const redis = await startRedis();
  try {
    await fill(stage.database, count);
    if (!redis)
      process.stdout.write('  no redis-server here (apt-get install redis-server): no comparison\n');
    if (redis) await fillRedis(stage.database, redis);
    const service = await ownReads(stage);
    await settled(stage.url, KEY);
    const measureHttp = (connections) =>
      httpReads({ url: stage.url, key: KEY, week: WEEK }, connections, (reads) =>
        measureAll(reads, connections, count),
      );
    for (const connections of [1, 8]) {
      const theirs = redis && (await redisReads(redis, connections, count));
      const ours = await measureAll(service.reads, connections, count);
      print(connections, ours, theirs);
      printHttp('over HTTP', await measureHttp(connections));
    }
    const writing = await startWriting(stage, KEY);
    printHttp('8 connections, 200 activities a second coming in', await measureHttp(8));
    writing.stop();
    await service.close();
  } finally {
    await redis?.close();
    await stage.close();
  }
}

async function fill(database, count) {
  await database.query(
    `INSERT INTO ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
     SELECT md5('e' || i)::uuid, overlay(overlay(md5('p' || i) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid, 'earn', 1 + (i * 7919::bigint) % 9973, 'bench', 1, md5('s' || i)::uuid, 'a bench',
       timestamptz '2026-01-12' + i * interval '0.4 seconds', now() FROM generate_series(0, $1 - 1) i`,
    [count],
  );
  await database.query('TRUNCATE score_changes');
  await database.query('VACUUM ANALYZE ledger');
}

async function fillRedis(database, redis) {
  const client = await redis.open();
  const { rows } = await database.query('SELECT person_id AS id, points FROM ledger');
  for (let at = 0; at < rows.length; at += 5000)
    await client.ask('ZADD', 'board', ...rows.slice(at, at + 5000).flatMap(({ id, points }) => [points, id]));
  client.close();
}

/** The reads of the service in this process, on a database of its own pool as the service has. */
async function ownReads({ postgres, database }) {
  const url = database.options.connectionString;
  const source = await new DataSource({ type: 'postgres', url, extra: { max: 10 } }).initialize();
  // As the service reads them.
  pg.types.setTypeParser(20, Number);
  const clock = { now: () => new Date('2026-01-14T12:00:00Z') };
  const rankings = new RankingsService(source, clock, {});
  const period = periodFromKey(WEEK, board.zone);
  const memory = process.memoryUsage().rss;
  const begin = performance.now();
  await rankings.of(board, period);
  process.stdout.write(
    `  loaded in ${((performance.now() - begin) / 1000).toFixed(1)} s, ${Math.round((process.memoryUsage().rss - memory) / 1e6)} MB\n`,
  );
  const live = async () => new LivePlaces(await rankings.of(board, period), rankings);
  const reads = {
    'top 100': async () => (await live()).page(undefined, 100),
    'my rank': async (id) => (await live()).place(id),
    'around me': async (id) => (await live()).around(id, 5),
  };
  return { reads, close: () => source.destroy(), postgres };
}

async function measureAll(reads, connections, count) {
  const figures = {};
  for (const [name, read] of Object.entries(reads))
    figures[name] = await measure(() => read, connections, count);
  return figures;
}

async function measure(readOf, connections, count) {
  await run(readOf, connections, count, 0.3);
  return run(readOf, connections, count, SECONDS);
}

async function run(readOf, connections, count, seconds) {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const worker = async (_, number) => {
    const read = readOf(number);
    while (performance.now() < end) {
      await read(idOf((done * 7919) % count));
      done++;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return done / seconds;
}

async function redisReads(redis, connections, count) {
  const clients = await Promise.all(Array.from({ length: connections }, () => redis.open()));
  const around = (client) => async (id) => {
    const rank = Number((await client.ask('ZREVRANK', 'board', id)).slice(1));
    return client.ask('ZREVRANGE', 'board', Math.max(0, rank - 5), rank + 5, 'WITHSCORES');
  };
  const figures = {
    'top 100': await measure(
      (n) => () => clients[n].ask('ZREVRANGE', 'board', 0, 99, 'WITHSCORES'),
      connections,
      count,
    ),
    'my rank': await measure((n) => (id) => clients[n].ask('ZREVRANK', 'board', id), connections, count),
    'around me': await measure((n) => around(clients[n]), connections, count),
  };
  for (const client of clients) client.close();
  return figures;
}

function print(connections, ours, theirs) {
  const number = (value) => Math.round(value).toLocaleString('en').padStart(9);
  process.stdout.write(`  ${connections === 1 ? 'one connection' : `${connections} connections`}\n`);
  for (const name of Object.keys(ours)) {
    const beside = theirs
      ? `   Redis ${number(theirs[name])}/s   ratio ${(ours[name] / theirs[name]).toFixed(2)}`
      : '';
    process.stdout.write(`    ${name.padEnd(10)} ${number(ours[name])}/s${beside}\n`);
  }
}
