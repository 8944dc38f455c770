import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('./clicks.mjs', import.meta.url));

/** What the faults program found out; it ends with 1 when there are differences. */
function faults(...args: string[]): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, '--json', ...args], (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout));
    });
  });
}

it('a content service killed four times while links are followed loses and doubles no click it answered', async () => {
  const result = await faults('--kills', '4');
  expect(result).toMatchObject({ kills: 4, differences: [] });
  // Not vacuous: there was something to lose.
  expect(result['answered']).toBeGreaterThan(1_000);
}, 240_000);
