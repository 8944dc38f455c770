import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuOfProcess } from './engine/cpu.mjs';
import { load } from './redirects/load.mjs';
import { addShares, openContent, visitsOf } from './redirects/stage.mjs';

const TURNS = 3;
const SECONDS = 4;
const CONNECTIONS = 32;
const LINKS = 1_000;

/** Redirects a second, every click recorded, beside a bare Fastify handler answering a constant 302; then how fast the clicks are stored. */
export async function bench({ profile }) {
  const bare = fork(fileURLToPath(new URL('baseline-redirect.mjs', import.meta.url)));
  const [origin] = await once(bare, 'message');
  const stage = await openContent({ profile });
  try {
    await measure(stage, { origin, pid: bare.pid });
  } finally {
    await stage.close();
    bare.kill();
  }
}

async function measure(stage, bare) {
  const visit = visitsOf(await addShares(stage.database, LINKS));
  const runs = { bare: [], laurel: [] };
  const warm = { connections: CONNECTIONS, seconds: 1 };
  await load(bare.origin, visit, warm);
  let answered = (await load(stage.url, visit, warm)).answered;
  for (let turn = 0; turn < TURNS; turn++) {
    // What is drained while the other is asked would slow that down.
    await drained(stage, answered);
    runs.bare.push(await asked(bare.origin, bare.pid, visit));
    const laurel = await asked(stage.url, stage.service.pid, visit);
    answered += laurel.answered;
    runs.laurel.push(laurel);
  }
  const [base, own] = [median(runs.bare), median(runs.laurel)];
  line('bare Fastify', base);
  line('Laurel, clicks recorded', own);
  say('ratio', `${((100 * own.perSecond) / base.perSecond).toFixed(0)} %`);
  say(
    'CPU the asking took',
    `${(100 * base.asking).toFixed(0)} % and ${(100 * own.asking).toFixed(0)} % of a core`,
  );
  await tellDrain(stage, visit, answered);
}

/** A burst, and how long it takes until everything answered is stored. */
async function tellDrain(stage, visit, before) {
  await drained(stage, before);
  const burst = await load(stage.url, visit, { connections: CONNECTIONS, seconds: SECONDS });
  const begin = performance.now();
  const [early, all] = [await stored(stage), before + burst.answered];
  await drained(stage, all);
  const rate = ((all - early) * 1000) / (performance.now() - begin);
  say('stored after a burst', `${format(rate)} clicks/s`);
  const count = await stored(stage);
  say('answered and stored', `${format(all)} = ${format(count)}${count === all ? '' : '   THEY DIFFER'}`);
  if (count !== all) process.exitCode = 1;
}

async function asked(origin, pid, visit) {
  const before = cpuOfProcess(pid);
  const run = await load(origin, visit, { connections: CONNECTIONS, seconds: SECONDS });
  return { ...run, cpu: ((cpuOfProcess(pid) - before) * 1e6) / run.answered };
}

const stored = async ({ database }) =>
  Number((await database.query('SELECT count(*) FROM clicks')).rows[0].count);

async function drained(stage, count) {
  for (const end = performance.now() + 300_000; performance.now() < end; await pause(100))
    if ((await stored(stage)) >= count) return;
  throw new Error(`only ${await stored(stage)} of ${count} clicks were stored`);
}

const median = (runs) => runs.toSorted((a, b) => a.perSecond - b.perSecond)[runs.length >> 1];
const format = (number) => Math.round(number).toLocaleString('en');
const say = (name, text) => process.stdout.write(`  ${name.padEnd(34)} ${text}\n`);
const line = (name, { perSecond, p99, cpu }) =>
  say(
    name,
    `${format(perSecond).padStart(9)} redirects/s   p99 ${p99.toFixed(1)} ms   ${cpu.toFixed(0)} µs of CPU each`,
  );
