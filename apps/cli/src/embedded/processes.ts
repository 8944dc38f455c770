import { spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../errors.js';

/** Signals to try one after another, each with the milliseconds it is given to work. */
export type Persuasion = readonly (readonly [signal: NodeJS.Signals, patience: number])[];

/** The command line of a running process; empty when there is none (or only a zombie). */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // No /proc (macOS) or no such process: `ps` tells both apart by what it prints.
    return process.platform === 'linux'
      ? ''
      : (spawnSync('ps', ['-o', 'command=', '-p', `${pid}`]).stdout ?? '').toString().trim();
  }
}

/** Whether a process runs; a zombie that nobody has reaped does not count. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  return commandLine(pid) !== '';
}

/** Stops a process that is not our child, and resolves when it is gone. */
export async function stopPid(pid: number, persuasion: Persuasion): Promise<void> {
  for (const [signal, patience] of persuasion) {
    if (!isRunning(pid)) return;
    process.kill(pid, signal);
    for (let waited = 0; waited < patience && isRunning(pid); waited += 20) await pause(20);
  }
}

/** Whether the child has ended, by itself or by a signal. */
export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Stops our child, and resolves when it has exited. */
export async function stopChild(child: ChildProcess, persuasion: Persuasion): Promise<void> {
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  for (const [signal, patience] of persuasion) {
    if (hasExited(child)) return;
    child.kill(signal);
    await Promise.race([exited, pause(patience, undefined, { ref: false })]);
  }
}
