import { existsSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

/** The service with a CPU profile of the times when a file called `on` lies in the folder. (Signals belong to Nest.) */
const folder = process.env.LAUREL_BENCH_PROFILE;
const session = new Session();
session.connect();
await session.post('Profiler.enable');
let running = false;
let number = 0;

async function look() {
  const wanted = existsSync(join(folder, 'on'));
  if (wanted && !running) await session.post('Profiler.start');
  if (!wanted && running) await write();
  running = wanted;
  setTimeout(() => void look(), 50);
}

async function write() {
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(
    join(folder, `${process.env.LAUREL_BENCH_SERVICE}-${process.pid}-${++number}.cpuprofile`),
    JSON.stringify(profile),
  );
}

void look();
await import(`../../dist/apps/${process.env.LAUREL_BENCH_SERVICE}-service/src/main.js`);
