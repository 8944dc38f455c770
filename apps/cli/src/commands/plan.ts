import type { Command } from 'commander';
import { filesIn } from '../programme/folder.js';
import { reaching, withApi } from '../programme/remote.js';
import type { Remote } from '../programme/remote.js';
import { planWords } from '../programme/words.js';
import type { Told } from '../programme/words.js';

async function plan(folder: string, options: Remote): Promise<void> {
  const files = filesIn(folder);
  const told = await withApi(options, (api) => api.post<Told>('/engagement/programme/plan', { files }));
  for (const line of planWords(told)) console.log(line);
  if (told.nothing) console.log(`Nothing to do: ${folder} is what is in force.`);
}

/** `laurel plan`: what applying a folder would change, and what would come of the runs that wait. */
export function registerPlan(program: Command): void {
  reaching(
    program
      .command('plan')
      .description('show what applying a programme would change, and who would be written to')
      .argument('[folder]', 'the folder of the programme', 'programme'),
  ).action(plan);
}
