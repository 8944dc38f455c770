import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstAdminKey, suiteSecret } from './secrets.js';

describe('the secrets of a suite', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('the first admin key stays the same until it has been shown, and only its hash afterwards', () => {
    const { key } = firstAdminKey(folder);
    const again = firstAdminKey(folder);
    expect(again.key).toBe(key);
    again.shown();
    expect(firstAdminKey(folder).key).toBeUndefined();
    const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(kept.join()).not.toContain(key);
  });

  it('the signing secret is made once, and a given one wins', () => {
    const secret = suiteSecret(folder, undefined);
    expect(secret.length).toBeGreaterThanOrEqual(43);
    expect(suiteSecret(folder, undefined)).toBe(secret);
    expect(suiteSecret(folder, 'given')).toBe('given');
  });
});
