import type { EntityManager } from 'typeorm';
import { ProgrammeError, readFolder } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { ENDINGS, checkProgramme, filesDifference, isNothing } from '#libs/programme';
import type { Files, InputValues } from '#libs/programme';
import { asYamlProblem } from './problems.js';
import type { InForce } from './programme.service.js';
import * as query from './programme.query.js';

/** The programme to start with: what was applied last, or the folder while nothing was. A mistake in it stops the start. */
export async function loadProgramme(folder: string, manager: EntityManager, log: Logger): Promise<InForce> {
  const stored = await query.newest(manager);
  const values = await query.readValues(manager);
  if (!stored) return inForce(0, filesIn(folder), values, folder);
  tellDifference(folder, stored, log);
  return inForce(stored.version, stored.files, values, `programme version ${stored.version}`);
}

/** The files of a version as the programme in force; throws a ProgrammeError that names every mistake. */
export function inForce(version: number, files: Files, values: InputValues, place: string): InForce {
  const checked = checkProgramme(files, values);
  if (!checked.ok) throw new ProgrammeError(checked.problems.map((problem) => asYamlProblem(problem, place)));
  return { version, files, programme: checked.programme };
}

/** The files of a programme's folder. */
export function filesIn(folder: string): Files {
  const files = readFolder(folder, ENDINGS);
  if ('programme.yaml' in files) return files;
  throw new Error(
    `The programme has no programme.yaml: ${folder} has none. Set PROGRAMME_DIR to a programme folder.`,
  );
}

function tellDifference(folder: string, { version, files }: query.StoredProgramme, log: Logger): void {
  let own: Files;
  try {
    own = readFolder(folder, ENDINGS);
  } catch {
    return; // Without a folder there is nothing that could differ.
  }
  const difference = filesDifference(files, own);
  if (isNothing(difference)) return;
  const { added, changed, removed } = difference;
  log.warn(
    { folder, version, added, changed: changed.map(({ path }) => path), removed },
    `the programme is version ${version}, applied over REST; the folder differs and is not read (laurel plan shows how)`,
  );
}
