import { join } from 'node:path';
import { programmeSchema } from '#libs/contracts';
import type { ProgrammeSettings } from '#libs/contracts';
import { readYaml } from '#libs/platform';

/** Injection token of the programme's directory. */
export const PROGRAMME_DIR = Symbol('PROGRAMME_DIR');
/** Injection token of the checked programme.yaml. */
export const PROGRAMME = Symbol('PROGRAMME');

/** Reads programme.yaml. Throws a ProgrammeError that names the line of every mistake. */
export const readProgramme = (directory: string): ProgrammeSettings =>
  readYaml(join(directory, 'programme.yaml'), programmeSchema);
