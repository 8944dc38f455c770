import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checksumOf, download, sha256 } from './download.js';

const run = promisify(execFile);

/** The release that Laurel is run with in production. */
export const NATS_VERSION = '2.11.16';

const RELEASE = `https://github.com/nats-io/nats-server/releases/download/v${NATS_VERSION}`;
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The release's name for this machine; throws where NATS publishes none that we know. */
export function releaseName(platform: string, architecture: string): string {
  const built = ARCHITECTURES[architecture];
  if (!built || !['linux', 'darwin'].includes(platform))
    throw new Error(`no release for ${platform}-${architecture}`);
  return `nats-server-v${NATS_VERSION}-${platform}-${built}`;
}

/** Moves a file into place in one step, so that a copy broken off is never run. */
export async function install(from: string, target: string): Promise<void> {
  const draft = `${target}.${process.pid}`;
  await copyFile(from, draft);
  await chmod(draft, 0o755);
  await rename(draft, target);
}

/**
 * Fetches the pinned official release. The version is pinned here; the checksum is the one that the release itself
 * publishes beside its archives, so it guards against a broken transfer, not against a release that was replaced.
 */
export async function fetchRelease(target: string): Promise<void> {
  const name = releaseName(process.platform, process.arch);
  // The small file first: where the host is out of reach we know within seconds.
  const expected = checksumOf((await download(`${RELEASE}/SHA256SUMS`, 8_000)).toString(), `${name}.tar.gz`);
  const archive = await download(`${RELEASE}/${name}.tar.gz`, 180_000);
  if (sha256(archive) !== expected)
    throw new Error(`the checksum of ${name}.tar.gz is not the published one`);
  await unpack(archive, name, target);
}

async function unpack(archive: Buffer, name: string, target: string): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  const folder = await mkdtemp(join(target, '../release-'));
  try {
    await writeFile(join(folder, 'archive.tar.gz'), archive);
    await run('tar', ['-xzf', 'archive.tar.gz'], { cwd: folder });
    await install(join(folder, name, 'nats-server'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
