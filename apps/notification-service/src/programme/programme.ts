import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { channelsSchema, programmeSchema } from '#libs/contracts';
import type { ChannelSettings, ProgrammeSettings } from '#libs/contracts';
import { readYaml } from '#libs/platform';

/** Reads programme.yaml. Throws a ProgrammeError that names the line of every mistake. */
export const readProgramme = (directory: string): ProgrammeSettings =>
  readYaml(join(directory, 'programme.yaml'), programmeSchema);

/** Reads channels.yaml, which a programme need not have; errors as of readProgramme. */
export function readChannels(directory: string): ChannelSettings[] {
  const file = join(directory, 'channels.yaml');
  return existsSync(file) ? readYaml(file, channelsSchema) : [];
}

/** The programme in force: its settings, its channels, and the folder its templates stand in. Another may be in force a moment later. */
export class Programme {
  constructor(
    public directory: string,
    public settings: ProgrammeSettings = readProgramme(directory),
    public channels: readonly ChannelSettings[] = readChannels(directory),
  ) {}

  /** Puts another programme in force. */
  use(directory: string, settings: ProgrammeSettings, channels: readonly ChannelSettings[]): void {
    this.directory = directory;
    this.settings = settings;
    this.channels = channels;
  }
}
