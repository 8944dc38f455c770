import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JournalFolder } from './journal-folder.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'laurel-journal-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the folder of a journal', () => {
  it('is gone after the end when nothing but the sign of life is in it', () => {
    const folder = new JournalFolder(root);
    folder.path();
    expect(folder.beat()).toBe(true);
    folder.remove();
    expect(readdirSync(root)).toEqual([]);
  });

  it('stays after the end for what is kept aside, where no other process takes it', () => {
    const folder = new JournalFolder(root);
    writeFileSync(join(folder.path(), '00000001.clicks.set-aside'), 'a click');
    folder.remove();
    const kept = readdirSync(root);
    expect(kept).toEqual([expect.stringMatching(/^set-aside\./)]);
    expect([new JournalFolder(root).takeOver(), readdirSync(root)]).toEqual([[], kept]);
    expect(existsSync(join(root, kept[0]!, '00000001.clicks.set-aside'))).toBe(true);
  });

  it('tells its owner when another has taken it, and is made anew', () => {
    const folder = new JournalFolder(root);
    const own = folder.path();
    expect(folder.beat()).toBe(true);
    renameSync(own, join(root, 'taken'));
    expect(folder.beat()).toBe(false);
    expect(folder.path()).not.toBe(own);
    expect(folder.beat()).toBe(true);
  });

  it('takes in what a process of this host left that runs no more', () => {
    const folder = new JournalFolder(root);
    const left = new JournalFolder(root).path();
    writeFileSync(join(left, '00000001.clicks'), '');
    mkdirSync(join(root, 'elsewhere.1.0'));
    expect(folder.takeOver()).toEqual([expect.stringMatching(/00000001\.clicks$/)]);
    expect(existsSync(left)).toBe(false);
  });
});
