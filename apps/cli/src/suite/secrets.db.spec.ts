import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstAdminKey, suiteSecret } from './secrets.js';

describe('the secrets of a suite', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('the first admin key stays the same until a start has settled it, and is kept nowhere afterwards', () => {
    const { key } = firstAdminKey(folder);
    const again = firstAdminKey(folder);
    expect(again.key).toBe(key);
    expect(statSync(join(folder, 'first-admin-key')).mode & 0o777).toBe(0o600);
    again.settled();
    expect(readdirSync(folder)).toEqual([]);
    expect(firstAdminKey(folder).key).not.toBe(key);
  });

  it('the signing secret is made once, and a given one wins', () => {
    const secret = suiteSecret(folder, undefined);
    expect(secret.length).toBeGreaterThanOrEqual(43);
    expect(suiteSecret(folder, undefined)).toBe(secret);
    expect(suiteSecret(folder, 'given')).toBe('given');
  });
});
