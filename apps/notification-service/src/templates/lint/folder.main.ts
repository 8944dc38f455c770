import { join } from 'node:path';
import { readProgramme } from '../../programme/programme.js';
import { lookThrough } from '../folder.js';
import { look } from './look.js';

/** Looks at every template of a programme's folder, which is the argument; prints a JSON line for each finding. */
async function main(folder: string): Promise<void> {
  const settings = readProgramme(folder);
  const directory = join(folder, 'templates');
  const { ids } = lookThrough(directory, settings.locales[0]!);
  for (const only of ids) {
    const { findings } = await look({ directory, settings, only });
    for (const finding of findings)
      process.stdout.write(`${JSON.stringify({ ...finding, file: join('templates', finding.file) })}\n`);
  }
}

await main(process.argv[2]!);
