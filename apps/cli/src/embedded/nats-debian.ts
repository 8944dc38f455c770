import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { install } from './nats-release.js';

const run = promisify(execFile);

/** As root, apt would hand the download to its own user, who cannot write here. */
const AS_WE_ARE = ['-o', 'APT::Sandbox::User=root', '-o', 'Debug::NoLocking=1'];

/** Private package lists and caches: refreshing them needs no root, and the machine's own stay as they are. */
async function privateLists(folder: string): Promise<string[]> {
  for (const name of ['lists/partial', 'cache/archives/partial'])
    await mkdir(join(folder, name), { recursive: true });
  return ['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`];
}

async function downloadPackage(folder: string): Promise<void> {
  const get = (...args: string[]): Promise<unknown> =>
    run('apt-get', [...AS_WE_ARE, ...args], { cwd: folder, timeout: 120_000 });
  const options = await privateLists(folder);
  try {
    // What the machine already knows is quickest; a cache of our own all the same, for the system's is root's.
    await get(...options.slice(2), 'download', 'nats-server');
  } catch {
    // No lists, or lists so old that the file is gone: fetch lists of our own.
    await get(...options, 'update');
    await get(...options, 'download', 'nats-server');
  }
}

/** Takes `nats-server` out of the Debian (or Ubuntu) package, without root and without installing it; throws elsewhere. */
export async function unpackDebian(target: string): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  const folder = await mkdtemp(join(target, '../debian-'));
  try {
    await downloadPackage(folder);
    const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get downloaded no package');
    await run('dpkg', ['-x', file, 'unpacked'], { cwd: folder });
    await install(join(folder, 'unpacked/usr/sbin/nats-server'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
