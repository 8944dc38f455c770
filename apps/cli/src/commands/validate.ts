import type { Command } from 'commander';
import { checkProgramme } from '#libs/programme';
import { LaunchError } from '../errors.js';
import { filesIn, lineOf } from '../programme/folder.js';

/** Checks every file of a programme and what one says about another. */
function validate(folder: string): void {
  const files = filesIn(folder);
  const checked = checkProgramme(files);
  for (const warning of checked.warnings) console.log(`warning: ${lineOf(folder, warning)}`);
  if (!checked.ok) {
    for (const problem of checked.problems) console.log(lineOf(folder, problem));
    const count = checked.problems.length;
    throw new LaunchError(`${folder} has ${count === 1 ? 'a mistake' : `${count} mistakes`}.`);
  }
  const { workflows, rules, badges, boards, templates } = checked.programme;
  const words = { workflows, rules, badges, boards, templates: [...templates] };
  const counts = Object.entries(words).map(
    ([word, { length }]) => `${length} ${length === 1 ? word.slice(0, -1) : word}`,
  );
  console.log(`${folder} is in order: ${Object.keys(files).length} files; ${counts.join(', ')}.`);
}

/** `laurel validate`: whether the files of a programme are right and fit together, without a server. */
export function registerValidate(program: Command): void {
  program
    .command('validate')
    .description('check all files of a programme, without a server')
    .argument('[folder]', 'the folder of the programme', 'programme')
    .action(validate);
}
