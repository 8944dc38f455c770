import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ProgrammeError, readYaml, readYamlFile } from './index.js';

describe('reading YAML', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-yaml-'));
  const file = join(folder, 'programme.yaml');
  const schema = z.strictObject({
    name: z.string(),
    rules: z.array(z.strictObject({ id: z.string(), award: z.int() })),
  });
  const problemsOf = (text: string): string[] => {
    writeFileSync(file, text);
    try {
      readYaml(file, schema);
    } catch (error) {
      return (error as ProgrammeError).problems.map(({ line, message }) => `${line} ${message}`);
    }
    return [];
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names the line of every mistake, a missing key at its parent', () => {
    const text = '# rules\nname: N\nrules:\n  - id: a\n    award: 1\n  - id: b\n    award: many\n  - id: c\n';
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^7 rules\.1\.award: /),
      expect.stringMatching(/^8 rules\.2\.award: /),
    ]);
  });

  it('names the line of an unknown key', () => {
    expect(problemsOf('name: N\nrules: []\ncolour: red\n')).toEqual([expect.stringMatching(/^3 .*colour/)]);
  });

  it('names the line of broken syntax, and of an alias bomb', () => {
    expect(problemsOf('name: N\nrules: [\n')).toEqual([expect.stringMatching(/^[23] /)]);
    expect(problemsOf('name: "N\nrules: []')[0]).toMatch(/^\d /);
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ];
    expect(problemsOf(bomb.join('\n'))).not.toEqual([]);
  });

  it('says so when the file is empty', () => {
    expect(problemsOf('')).toEqual([expect.stringMatching(/^1 /)]);
  });

  it('says so when the file is missing', () => {
    const missing = join(folder, 'missing.yaml');
    expect(() => readYaml(missing, schema)).toThrow(`${missing}:1: this file is missing; add it`);
  });

  it('knows on which line a value begins, also below its key', () => {
    writeFileSync(file, 'a: x\nb:\n  x\nc: |\n  x\nd:\n  - x\n  - >-\n    x\n');
    const { lineOf } = readYamlFile(file, z.unknown());
    const paths = [['a'], ['b'], ['c'], ['d', 0], ['d', 1], ['d', 7], ['e']];
    expect(paths.map(lineOf)).toEqual([1, 3, 5, 7, 9, 7, 1]);
  });
});
