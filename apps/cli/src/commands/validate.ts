import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { checkProgramme } from '#libs/programme';
import { projectRoot } from '../embedded/project.js';
import { LaunchError } from '../errors.js';
import { filesIn, lineOf } from '../programme/folder.js';

/** Checks every file of a programme and what one says about another. */
async function validate(folder: string, { mails }: { mails?: boolean }): Promise<void> {
  const files = filesIn(folder);
  const checked = checkProgramme(files);
  for (const warning of checked.warnings) console.log(`warning: ${lineOf(folder, warning)}`);
  if (!checked.ok) {
    for (const problem of checked.problems) console.log(lineOf(folder, problem));
    const count = checked.problems.length;
    throw new LaunchError(`${folder} has ${count === 1 ? 'a mistake' : `${count} mistakes`}.`);
  }
  if (mails) await lintMails(folder);
  const { workflows, rules, badges, boards, templates } = checked.programme;
  const words = { workflows, rules, badges, boards, templates: [...templates] };
  const counts = Object.entries(words).map(
    ([word, { length }]) => `${length} ${length === 1 ? word.slice(0, -1) : word}`,
  );
  console.log(`${folder} is in order: ${Object.keys(files).length} files; ${counts.join(', ')}.`);
}

/** What the lint at save says of each template; a mistake of one ends in an error as any other. */
async function lintMails(folder: string): Promise<void> {
  const script = join(projectRoot(), 'dist/apps/notification-service/src/templates/lint/folder.main.js');
  const run = promisify(execFile)(process.execPath, [script, folder], { maxBuffer: 16 * 1024 * 1024 });
  const { stdout } = await run.catch((error: Error & { stderr?: string }) => {
    throw new LaunchError(error.stderr?.trim() || error.message);
  });
  const findings = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
  for (const { severity, file, line, message } of findings)
    console.log(`${severity === 'warning' ? 'warning: ' : ''}${join(folder, file)}:${line}: ${message}`);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0)
    throw new LaunchError(
      `The mails of ${folder} have ${errors === 1 ? 'a mistake' : `${errors} mistakes`}.`,
    );
}

/** As the notification service's lint prints it. */
interface Finding {
  severity: 'error' | 'warning';
  file: string;
  line: number;
  message: string;
}

/** `laurel validate`: whether the files of a programme are right and fit together, without a server. */
export function registerValidate(program: Command): void {
  program
    .command('validate')
    .description('check all files of a programme, without a server')
    .argument('[folder]', 'the folder of the programme', 'programme')
    .option(
      '--mails',
      'also look at every mail in every language: links, pictures, subjects, styles, words that miss',
    )
    .action(validate);
}
