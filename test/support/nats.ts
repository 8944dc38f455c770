import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type Nats } from '../../apps/cli/src/embedded/nats.js';
import { testRun } from './run.js';

/** A nats-server of a test file's own, in a folder that goes when it is stopped; it can be restarted and wiped. */
export async function startTestNats(): Promise<Nats> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-nats-'));
  const nats = await startNats({ binary: testRun().natsBinary, storeDir: join(folder, 'store') });
  const stop = async (): Promise<void> => {
    await nats.stop();
    await rm(folder, { recursive: true, force: true });
  };
  // The pid changes with every restart, so the server is asked for it each time.
  return Object.defineProperties({ ...nats, stop }, { pid: { get: () => nats.pid } });
}
