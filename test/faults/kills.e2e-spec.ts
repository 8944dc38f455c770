import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('./kills.mjs', import.meta.url));
// Each run has a load of its own; what fails names the seed to repeat it with.
const seed = String(process.pid);

/** What the faults program found out; it ends with 1 when there are differences. */
function faults(...args: string[]): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, '--json', ...args], (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`seed ${seed}: ${stderr}`, { cause: error }));
      else resolve(JSON.parse(stdout));
    });
  });
}

it('an engagement service killed twice under load loses and doubles nothing', async () => {
  const result = await faults('--kills', '2', '--people', '100', '--seed', seed);
  expect(result).toMatchObject({ seed: Number(seed), kills: 2, differences: [] });
  // Not vacuous: there was something to lose.
  expect(result['intents']).toBeGreaterThan(200);
  expect(result['ledgerEntries']).toBeGreaterThan(60);
}, 300_000);
