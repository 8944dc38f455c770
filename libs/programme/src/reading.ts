import type { z } from 'zod';
import { unfolded } from '#libs/contracts';
import { problemAt, readSource, valueOf, warningAt } from '#libs/workflow';
import type { Path, Problem, SourceDocument } from '#libs/workflow';
import { at } from './files.js';
import type { Files } from './files.js';

/** A reading of a programme: everything wrong is told, so that all of it can be mended at once. */
export interface Reading {
  files: Files;
  problems: Problem[];
  warnings: Problem[];
}

/** A YAML file that fits its schema, and ways to tell what is wrong with its values. */
export interface Part<T> {
  content: T;
  problem: (path: Path, message: string, mend: string) => void;
  warn: (path: Path, message: string, mend: string) => void;
}

/** Reads a YAML file by its schema; what is wrong is told, and then the answer is null. */
export function readPart<S extends z.ZodType>(
  reading: Reading,
  file: string,
  schema: S,
): Part<z.infer<S>> | null {
  const text = reading.files[file];
  if (text === undefined) {
    reading.problems.push(at(file, 'this file is missing', 'add it'));
    return null;
  }
  const source = readSource(text, file);
  const value = source.problems.length === 0 ? valueOf(source) : undefined;
  const checked = source.problems.length === 0 ? schema.safeParse(value) : null;
  for (const issue of checked?.error?.issues ?? []) tell(source, issue, []);
  reading.problems.push(...source.problems);
  return checked?.success ? { content: checked.data as z.infer<S>, ...tellers(reading, source) } : null;
}

function tellers(reading: Reading, source: SourceDocument): Pick<Part<unknown>, 'problem' | 'warn'> {
  const told = (list: Problem[], from: Problem[]): void => void list.push(...from.splice(0));
  return {
    problem: (path, message, mend) => {
      problemAt(source, path, message, mend);
      told(reading.problems, source.problems);
    },
    warn: (path, message, mend) => {
      warningAt(source, path, message, mend);
      told(reading.warnings, source.warnings);
    },
  };
}

function tell(source: SourceDocument, issue: z.core.$ZodIssue, base: Path): void {
  for (const inner of unfolded(issue)) tellOne(source, inner, base);
}

function tellOne(source: SourceDocument, issue: z.core.$ZodIssue, base: Path): void {
  const path = [...base, ...(issue.path as (string | number)[])];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys)
      problemAt(
        source,
        [...path, key],
        'is not known here',
        'check how it is written, or take it away',
        true,
      );
    return;
  }
  problemAt(source, path, issue.message, '');
}
