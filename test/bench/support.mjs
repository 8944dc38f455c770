import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { clientOf } from '../../dist/apps/cli/src/client/suite-client.js';
import { startSuite } from '../../dist/apps/cli/src/suite/suite.js';

/** A suite of its own, durable as in earnest, on virtual time so that nothing else falls due; its services get `env` beside the usual. */
export async function withSuite(work, env = {}) {
  const stateDir = await mkdtemp(join(tmpdir(), 'laurel-bench-'));
  const suite = await startSuite({
    stateDir,
    ports: 'free',
    clock: { start: '2026-01-12T08:00:00Z' },
    logLevel: 'warn',
    env: { TRUST_PROXY: '127.0.0.1', ...env },
  });
  const client = await clientOf(suite);
  try {
    return await work(client, suite);
  } finally {
    await client.close();
    await suite.stop();
    await suite.postgres?.remove();
    await rm(stateDir, { recursive: true, force: true });
  }
}

const CONNECTIONS = 32;

/** Requests per second and the 99th percentile of latency (ms) over so many seconds. */
export async function load(origin, requestOf, seconds) {
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const latencies = [];
  const end = performance.now() + seconds * 1000;
  let number = 0;
  const worker = async () => {
    while (performance.now() < end) {
      const begin = performance.now();
      const { body } = await pool.request(requestOf(number++));
      await body.dump();
      latencies.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  await pool.close();
  latencies.sort((a, b) => a - b);
  return { perSecond: latencies.length / seconds, p99: latencies[Math.floor(latencies.length * 0.99)] };
}

/** Runs baseline and subject in turns, three times, and prints the medians and their ratio. */
export async function compare(unit, baseline, subject) {
  const runs = [];
  for (let turn = 0; turn < 3; turn++) runs.push([await baseline(), await subject()]);
  const median = (index) => runs.map((run) => run[index]).sort((a, b) => a.perSecond - b.perSecond)[1];
  const [base, own] = [median(0), median(1)];
  const line = (name, { perSecond, p99 }) =>
    process.stdout.write(
      `  ${name.padEnd(34)} ${Math.round(perSecond).toLocaleString('en').padStart(9)} ${unit}/s${p99 ? `   p99 ${p99.toFixed(1)} ms` : ''}\n`,
    );
  line('baseline', base);
  line('Laurel', own);
  process.stdout.write(
    `  ${'ratio'.padEnd(34)} ${((100 * own.perSecond) / base.perSecond).toFixed(0).padStart(8)} %\n`,
  );
}
