import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProgrammeError, readFolder, writeFolder } from '#libs/platform';
import { ENDINGS } from '#libs/programme';
import type { Files } from '#libs/programme';
import type { Problem } from '#libs/workflow';
import { LaunchError } from '../errors.js';

/** The programme's files in a folder; whatever else lies there is left alone. */
export function filesIn(folder: string): Files {
  const files = mendable(() => readFolder(folder, ENDINGS));
  if ('programme.yaml' in files) return files;
  throw new LaunchError(`${folder} is no programme: it has no programme.yaml.`);
}

/** Brings a folder to these files. One that holds something else than a programme is not touched. */
export function writeFiles(folder: string, files: Files): void {
  const there = existsSync(folder) ? mendable(() => readFolder(folder, ENDINGS)) : {};
  if (Object.keys(there).length > 0 && !('programme.yaml' in there))
    throw new LaunchError(
      `${folder} holds files and is no programme; name an empty folder, or one of a programme.`,
    );
  mendable(() => writeFolder(folder, files, ENDINGS));
}

function mendable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProgrammeError) throw new LaunchError(error.message);
    throw error;
  }
}

/** A problem as an editor's terminal makes it a link: `file:line: path: message; mend`. */
export const lineOf = (folder: string, { file, line, path, message, mend }: Problem): string =>
  `${join(folder, file)}:${line}: ${path === '' ? '' : `${path}: `}${message}${mend === '' ? '' : `; ${mend}`}`;
