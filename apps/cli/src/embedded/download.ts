import { createHash } from 'node:crypto';
import { EnvHttpProxyAgent, fetch } from 'undici';

/**
 * The only place of the launcher that fetches from outside: a release file over https, proxies of the environment
 * honoured. Rejects when the host is unreachable, answers slowly, or sends anything but the file.
 */
export async function download(url: string, patience: number): Promise<Buffer> {
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const response = await fetch(url, { dispatcher, signal: AbortSignal.timeout(patience) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    await dispatcher.destroy();
  }
}

/** The SHA-256 of some bytes in hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The checksum that a `SHA256SUMS` file gives for `file`; throws when it names no such file. */
export function checksumOf(sums: string, file: string): string {
  const line = sums.split('\n').find((candidate) => candidate.trim().split(/\s+\*?/)[1] === file);
  const sum = line?.trim().split(/\s+/)[0];
  if (!sum || !/^[0-9a-f]{64}$/.test(sum)) throw new Error(`SHA256SUMS has no checksum for ${file}`);
  return sum;
}
