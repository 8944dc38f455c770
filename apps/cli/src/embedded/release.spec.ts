import { describe, expect, it } from '@jest/globals';
import { checksumOf } from './download.js';
import { NATS_VERSION, releaseName } from './nats-release.js';

describe('the official release', () => {
  it('is named after the machine', () => {
    expect(releaseName('linux', 'x64')).toBe(`nats-server-v${NATS_VERSION}-linux-amd64`);
    expect(releaseName('darwin', 'arm64')).toBe(`nats-server-v${NATS_VERSION}-darwin-arm64`);
    expect(() => releaseName('aix', 'ppc64')).toThrow('no release for aix-ppc64');
  });

  it('is checked against the published sum of exactly that file', () => {
    const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
    const sums = `${one}  a.tar.gz.sbom\n${two}  a.tar.gz\n${one} *b.tar.gz\n`;
    expect(checksumOf(sums, 'a.tar.gz')).toBe(two);
    expect(checksumOf(sums, 'b.tar.gz')).toBe(one);
    expect(() => checksumOf(sums, 'c.tar.gz')).toThrow('no checksum for c.tar.gz');
    expect(() => checksumOf('<html>not found</html> c.tar.gz', 'c.tar.gz')).toThrow();
  });
});
