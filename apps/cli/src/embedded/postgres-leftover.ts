import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from '../errors.js';
import { commandLine, isRunning, stopPid } from './processes.js';

/** Fast shutdown first (clients are cut, data is flushed), then the immediate one, after which the next start recovers. */
export const STOP_POSTGRES = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
] as const;

function pidIn(file: string): number {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || 0;
  } catch {
    // No file: no process.
    return 0;
  }
}

/** Ends a server that a killed launcher left on this data; refuses when its launcher is alive. */
export async function clearLeftover(dataDir: string): Promise<void> {
  const lock = join(dataDir, 'postmaster.pid');
  const server = pidIn(lock);
  const launcher = pidIn(`${dataDir}.launcher`);
  // The number may meanwhile belong to another program: only a server on this very folder is ours.
  if (server && commandLine(server).includes(dataDir)) {
    if (launcher && isRunning(launcher))
      throw new LaunchError(
        `Another Laurel (process ${launcher}) is running on the data in ${dataDir}. Stop it first.`,
      );
    await stopPid(server, STOP_POSTGRES);
  }
  rmSync(lock, { force: true });
}
