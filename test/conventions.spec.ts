import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// What CONVENTIONS.md asks for and the linter has no rule for.

/** Something that must not be written; `unless` names the files that may, for the reason given beside it. */
interface Ban {
  readonly what: string;
  readonly files: RegExp;
  readonly unless?: RegExp;
  readonly pattern: RegExp;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TESTS = /\.spec\.ts$|\.e2e-spec\.ts$|\.support\.ts$|^apps\/[^/]+\/test\/|^test\//;
const PURE = /^libs\/(calendar|contracts|expression|feeds|scoring|workflow)\//;

const BANS: readonly Ban[] = [
  {
    what: 'asks the real clock with `new Date()`: domain time comes from the injected Clock',
    files: /^(apps|libs)\//,
    // The real clock itself is made here; the launcher's mail catcher stamps what arrives, and no rule runs in it.
    unless: /^libs\/platform\/src\/clock\/|^apps\/cli\//,
    pattern: /\bDate\(\s*\)/,
  },
  {
    what: 'waits in a pure library: it is data in, data out',
    files: PURE,
    pattern: /\basync\b|\bawait\b|\bPromise\b/,
  },
  {
    what: 'switches a rule of the linter or the compiler off without ` -- reason`',
    files: /./,
    pattern: /(?:oxlint|eslint)-disable(?!.* -- \w)|@ts-(?:ignore|nocheck)|@ts-expect-error\s*$/m,
  },
];

function sources(): string[] {
  return ['apps', 'libs', 'test'].flatMap((top) =>
    readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${top}/${path.replaceAll('\\', '/')}`),
  );
}

/** The text without whole-line comments, which may speak of what is banned; directives of tools stay. */
function code(path: string): string {
  const isProse = (line: string): boolean => /^\s*(\/\/|\/?\*)/.test(line) && !/-disable|@ts-/.test(line);
  return readFileSync(join(ROOT, path), 'utf8')
    .split('\n')
    .map((line) => (isProse(line) ? '' : line))
    .join('\n');
}

describe('no source', () => {
  const paths = sources();

  it.each(BANS)('$what', ({ files, unless, pattern }) => {
    const isHeld = (path: string): boolean => files.test(path) && !unless?.test(path);
    const held = paths.filter((path) => isHeld(path) && (files.source === '.' || !TESTS.test(path)));
    const self = 'test/conventions.spec.ts';
    expect(held.filter((path) => path !== self && pattern.test(code(path)))).toEqual([]);
  });
});
