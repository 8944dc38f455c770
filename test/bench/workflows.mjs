import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf } from './engine/cpu.mjs';
import { floor } from './engine/floor.mjs';
import { fanOut, kill, latency, peakMemory, starts, timers, wholeRuns } from './engine/measures.mjs';
import { quiet } from './engine/events.mjs';
import { openStage } from './engine/stage.mjs';
import { printStatements, printTable, ratiosOf } from './engine/table.mjs';

/** The workflow engine on durable PostgreSQL and a real broker, beside the floor of the same machine at the same time. */
export async function bench(options) {
  const [runs, people] = [Number(options.runs ?? 20_000), Number(options.people ?? 100_000)];
  const seconds = Number(options.seconds ?? 10);
  const stage = await openStage(options);
  stage.profile = profiler(options.profile);
  const parts = {
    floor: () => costing(stage, 'floor', runs, () => floor(stage, runs)),
    starts: () => costing(stage, 'start', runs, () => starts(stage, runs)),
    timers: () => costing(stage, 'timer', runs, () => timers(stage)),
    runs: () => costing(stage, 'run', runs, () => wholeRuns(stage, runs)),
    latency: () => latency(stage, seconds),
    fanout: () => costing(stage, 'fanOut', people, () => fanOut(stage, people)),
    kill: () => kill(stage, Math.round(runs / 4)),
  };
  const wanted = options.only?.split(',') ?? Object.keys(parts);
  try {
    stage.people = await addPeople(stage, people);
    await warmUp(stage);
    const figures = { memoryAtRestMb: peakMemory(stage) };
    for (const part of wanted) {
      Object.assign(figures, await parts[part]());
      if (options.statements) await printStatements(stage, part);
    }
    const result = { sizes: { runs, people, seconds }, figures, ratios: ratiosOf(figures) };
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else printTable(result);
  } finally {
    await stage.close();
  }
}

/** The figures of a part and what it cost. */
async function costing(stage, name, items, work) {
  const { result, service, postgres } = await cpuOf(stage, items, work);
  return { ...result, [`${name}ServiceCpuUs`]: service, [`${name}PostgresCpuUs`]: postgres };
}

async function addPeople({ database }, count) {
  const { rows } = await database.query(
    `INSERT INTO people (id, email, name, locale, zone, seniority, created_at, updated_at)
     SELECT gen_random_uuid(), 'p' || i || '@bench.example', 'Person ' || i, 'en', 'Europe/Rome', 'employee', now(), now()
     FROM generate_series(1, $1) i RETURNING id`,
    [count],
  );
  await database.query('VACUUM ANALYZE');
  return rows.map(({ id }) => id);
}

/** A service that has run for a while: everything is compiled, the broker's consumers stand. */
async function warmUp(stage) {
  await latency({ ...stage, people: stage.people.slice(0, 50) }, 3);
  await stage.database.query(`DELETE FROM intents; DELETE FROM runs; DELETE FROM run_events`);
  await quiet(stage);
}

function profiler(folder) {
  return async (wanted) => {
    if (!folder) return;
    if (wanted) await writeFile(join(folder, 'on'), '');
    else await rm(join(folder, 'on'), { force: true });
    await pause(200);
  };
}
