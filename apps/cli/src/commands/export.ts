import type { Command } from 'commander';
import type { Files } from '#libs/programme';
import { writeFiles } from '../programme/folder.js';
import { reaching, withApi } from '../programme/remote.js';
import type { Remote } from '../programme/remote.js';

async function exportTo(folder: string, options: Remote): Promise<void> {
  const { version, files } = await withApi(options, (api) =>
    api.get<{ version: number; files: Files }>('/engagement/programme'),
  );
  writeFiles(folder, files);
  const which = version === 0 ? 'the folder the service was started with' : `version ${version}`;
  console.log(`${folder} has the ${Object.keys(files).length} files in force (${which}).`);
}

/** `laurel export`: writes the programme in force into a folder, byte for byte. */
export function registerExport(program: Command): void {
  reaching(
    program
      .command('export')
      .description('write the programme in force into a folder, byte for byte')
      .argument('[folder]', 'where to write it', 'programme'),
  ).action(exportTo);
}
