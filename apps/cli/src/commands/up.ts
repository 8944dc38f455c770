import type { Command } from 'commander';
import { join } from 'node:path';
import { projectRoot } from '../embedded/project.js';
import { readEnv } from '../env.js';
import { LaunchError } from '../errors.js';
import { suiteFromEnv } from '../suite/from-env.js';
import { statusOf } from '../suite/http.js';
import { CrashWatch, Interrupted, interruption } from '../suite/interrupt.js';
import { firstAdminKey } from '../suite/secrets.js';
import { paint, printedStages } from '../suite/stages.js';
import { startSuite } from '../suite/suite.js';
import type { Suite } from '../suite/suite.types.js';
import { urlTable } from '../suite/table.js';

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Whether the databases took the key over: only they know whether they had an admin before. */
async function isAccepted({ urls }: Suite, key: string): Promise<boolean> {
  const status = await statusOf(`${urls.engagement}/engagement/keys/me`, { authorization: `Bearer ${key}` });
  if (status === 200 || status === 401) return status === 200;
  throw new LaunchError(
    `The engagement-service does not say whether it has a new first admin key (HTTP ${status}). Start again: the key is kept until it does.`,
  );
}

function greet(suite: Suite, newKey: string | undefined, stateDir: string): void {
  print(`\n${urlTable(suite)}\n`);
  if (newKey) {
    print(`First admin key, shown this once: ${paint('bold', newKey)}`);
    print(
      `Try it: ${paint('cyan', `curl -H 'authorization: Bearer ${newKey}' ${suite.urls.engagement}/engagement/people`)}`,
    );
  }
  print(
    paint('dim', `Data and logs: ${stateDir}   Ctrl-C stops everything; the data stays for the next start.`),
  );
}

async function up({ state }: { state: string }): Promise<void> {
  const env = readEnv();
  const signal = interruption(env);
  const first = firstAdminKey(state);
  const crashes = new CrashWatch();
  try {
    const suite = await startSuite({
      ...suiteFromEnv(env),
      stateDir: state,
      adminKey: first.key,
      stages: printedStages,
      signal,
      onCrash: crashes.onCrash,
    });
    try {
      greet(suite, (await isAccepted(suite, first.key)) ? first.key : undefined, state);
      first.settled();
      await crashes.until(signal);
    } finally {
      print('\nStopping …');
      await suite.stop();
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  print('Stopped.');
}

/** `laurel up`: the suite on what data there is. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description(
      'start the three services, with an embedded PostgreSQL, NATS and mail catcher where none is given',
    )
    .option('--state <dir>', 'where data, logs and secrets lie', join(projectRoot(), '.laurel'))
    .action(up);
}
