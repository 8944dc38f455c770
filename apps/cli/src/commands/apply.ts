import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { filesIn } from '../programme/folder.js';
import { reaching, withApi } from '../programme/remote.js';
import type { Remote } from '../programme/remote.js';
import { appliedWords } from '../programme/words.js';
import type { Told } from '../programme/words.js';

interface ApplyOptions extends Remote {
  waiting: 'keep' | 'move' | 'stop';
  cap: number;
}

async function apply(folder: string, { waiting, cap, ...remote }: ApplyOptions): Promise<void> {
  const body = { files: filesIn(folder), waiting, cap };
  const told = await withApi(remote, (api) => api.put<Told>('/engagement/programme', body));
  if (told.nothing)
    return console.log(`Nothing to do: ${folder} is what is in force (version ${told.version}).`);
  for (const line of appliedWords(told)) console.log(line);
  console.log(`Programme version ${told.version} is in force.`);
}

function toCap(text: string): number {
  const cap = Number(text);
  if (Number.isInteger(cap) && cap >= 0) return cap;
  throw new InvalidArgumentError('Write a whole number from 0.');
}

/** `laurel apply`: makes a folder the programme, all of it or nothing. */
export function registerApply(program: Command): void {
  reaching(
    program
      .command('apply')
      .description('make a folder the programme: all of it, or nothing when anything is wrong')
      .argument('[folder]', 'the folder of the programme', 'programme')
      .addOption(
        new Option('--waiting <way>', 'what becomes of runs that wait in workflows that change')
          .choices(['keep', 'move', 'stop'])
          .default('keep'),
      )
      .option('--cap <people>', 'how many people may be written to at once because runs are moved', toCap, 0),
  ).action(apply);
}
