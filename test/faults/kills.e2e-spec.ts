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

it('an engagement service killed four times under load loses and doubles nothing', async () => {
  const result = await faults('--kills', '4', '--people', '150', '--seed', seed);
  expect(result).toMatchObject({ seed: Number(seed), kills: 4, differences: [] });
  // Not vacuous: there was something to lose.
  expect(result['intents']).toBeGreaterThan(500);
  expect(result['ledgerEntries']).toBeGreaterThan(100);
}, 300_000);
