import { join } from 'node:path';
import { programmeSchema } from '#libs/contracts';
import type { ProgrammeSettings } from '#libs/contracts';
import { readYaml } from '#libs/platform';

/** Reads programme.yaml. Throws a ProgrammeError that names the line of every mistake. */
export const readProgramme = (directory: string): ProgrammeSettings =>
  readYaml(join(directory, 'programme.yaml'), programmeSchema);

/** The programme in force: its settings, and the folder its templates stand in. Another may be in force a moment later. */
export class Programme {
  constructor(
    public directory: string,
    public settings: ProgrammeSettings = readProgramme(directory),
  ) {}

  /** Puts another programme in force. */
  use(directory: string, settings: ProgrammeSettings): void {
    this.directory = directory;
    this.settings = settings;
  }
}
