import type { Files } from './files.js';

/** What a set of files changes in another. */
export interface FilesDifference {
  added: string[];
  changed: ChangedFile[];
  removed: string[];
}

/** A file whose text changes: how many lines come and go, and the first of them, with + and − before each. */
export interface ChangedFile {
  path: string;
  added: number;
  removed: number;
  lines: string[];
}

const SHOWN = 12;

/** Compares two sets of files by their texts. */
export function filesDifference(before: Files, after: Files): FilesDifference {
  const paths = (files: Files): string[] => Object.keys(files).sort();
  return {
    added: paths(after).filter((path) => !Object.hasOwn(before, path)),
    changed: paths(after)
      .filter((path) => Object.hasOwn(before, path) && before[path] !== after[path])
      .map((path) => ({ path, ...linesOf(before[path]!, after[path]!) })),
    removed: paths(before).filter((path) => !Object.hasOwn(after, path)),
  };
}

/** Whether nothing changes. */
export const isNothing = ({ added, changed, removed }: FilesDifference): boolean =>
  added.length + changed.length + removed.length === 0;

function linesOf(before: string, after: string): Omit<ChangedFile, 'path'> {
  const marked = compare(before.split('\n'), after.split('\n'));
  return {
    added: marked.filter((line) => line.startsWith('+')).length,
    removed: marked.filter((line) => line.startsWith('-')).length,
    lines: marked.slice(0, SHOWN),
  };
}

// Lines are matched greedily: each old line with the next equal new one; enough to read, and linear in the length.
function compare(before: string[], after: string[]): string[] {
  const start = before.findIndex((line, index) => line !== after[index]);
  if (start < 0) return after.slice(before.length).map((line) => `+ ${line}`);
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  return interleave(before.slice(start, before.length - end), after.slice(start, after.length - end));
}

function interleave(before: readonly string[], after: readonly string[]): string[] {
  const places = new Map<string, number[]>();
  after.forEach((line, index) => places.set(line, [...(places.get(line) ?? []), index]));
  const marked: string[] = [];
  let at = 0;
  for (const line of before) {
    const next = places.get(line)?.find((index) => index >= at);
    if (next === undefined) marked.push(`- ${line}`);
    else {
      marked.push(...after.slice(at, next).map((fresh) => `+ ${fresh}`));
      at = next + 1;
    }
  }
  return [...marked, ...after.slice(at).map((fresh) => `+ ${fresh}`)];
}
