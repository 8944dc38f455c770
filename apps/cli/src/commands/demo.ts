import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { clientOf } from '../client/suite-client.js';
import type { SuiteClient } from '../client/suite-client.js';
import { whatToTry } from '../demo/afterwards.js';
import { DAYS } from '../demo/behaviour.js';
import { serveFeeds } from '../demo/feeds.js';
import type { FeedServer } from '../demo/feeds.js';
import { differences, figuresOverRest } from '../demo/figures.js';
import { DEMO_NAMESPACE, DEMO_PREFIX, demoEnv, dropLastDemo, dropLastStream } from '../demo/fresh.js';
import { BEGIN, playDemo } from '../demo/play.js';
import { showProgress } from '../demo/progress.js';
import { outcomeTable, weekChart } from '../demo/table.js';
import { projectRoot } from '../embedded/project.js';
import { readEnv } from '../env.js';
import { LaunchError } from '../errors.js';
import { suiteFromEnv } from '../suite/from-env.js';
import { CrashWatch, Interrupted, interruption } from '../suite/interrupt.js';
import { paint, printedStages } from '../suite/stages.js';
import { startSuite } from '../suite/suite.js';
import type { Suite } from '../suite/suite.types.js';
import { urlTable } from '../suite/table.js';

interface DemoOptions {
  seed: number;
  exit?: true;
}

/** One demo under way. */
interface Playing {
  readonly suite: Suite;
  readonly feeds: FeedServer;
  readonly options: DemoOptions;
  readonly signal: AbortSignal;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function demo(options: DemoOptions): Promise<void> {
  const signal = interruption(readEnv());
  const crashes = new CrashWatch();
  const time = { now: (): Date => BEGIN };
  const feeds = await serveFeeds(BEGIN, () => time.now());
  try {
    const suite = await startDemoSuite(feeds, signal, crashes);
    await withClient(suite, async (client) => {
      time.now = () => client.clock.now;
      await play({ suite, feeds, options, signal }, client);
      if (!options.exit) await crashes.until(signal);
      print('\nStopping …');
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    await feeds.stop();
  }
  print('Stopped.');
}

async function withClient(suite: Suite, work: (client: SuiteClient) => Promise<void>): Promise<void> {
  try {
    const client = await clientOf(suite);
    try {
      await work(client);
    } finally {
      await client.close();
    }
  } finally {
    await suite.stop();
  }
}

/** The demo begins anew each time: its own state and its own databases, never those of `npm start`. */
async function startDemoSuite(
  feeds: FeedServer,
  signal: AbortSignal,
  { onCrash }: CrashWatch,
): Promise<Suite> {
  const { env, notes } = demoEnv(readEnv());
  for (const note of notes) printedStages.note(note);
  const given = suiteFromEnv(env);
  const stateDir = join(projectRoot(), '.laurel/demo');
  rmSync(join(stateDir, 'nats'), { recursive: true, force: true });
  if (given.postgresUrl) await dropLastDemo(given.postgresUrl);
  else rmSync(join(stateDir, 'postgres'), { recursive: true, force: true });
  if (given.natsUrl) await dropLastStream(given.natsUrl);
  return startSuite({
    ...given,
    stateDir,
    signal,
    onCrash,
    stages: printedStages,
    databasePrefix: DEMO_PREFIX,
    namespace: DEMO_NAMESPACE,
    clock: { start: BEGIN.toISOString() },
    env: {
      ...given.env,
      TRUST_PROXY: '127.0.0.1',
      CONTENT_ALLOW_HOSTS: feeds.host,
      // The articles of its feeds are made up, or somebody else's: no page is asked.
      CONTENT_UNFURL: 'false',
    },
  });
}

async function play({ suite, feeds, options, signal }: Playing, client: SuiteClient): Promise<void> {
  print(`\n${urlTable(suite)}\n`);
  print(
    `Sixty days at Northwind (120 people, four countries, seed ${options.seed}; ${feeds.real ? 'real feeds' : 'feeds of its own'}):`,
  );
  const progress = showProgress(DAYS);
  const begin = performance.now();
  await playDemo({ suite, client, feeds, seed: options.seed, days: DAYS, progress, signal }).finally(() =>
    progress.stop(),
  );
  const figures = await figuresOverRest(client);
  print(`\n${outcomeTable(figures)}`);
  print(weekChart(figures));
  const told = await differences(figures, suite);
  if (told.length > 0)
    throw new LaunchError(`The figures do not agree with the databases:\n  ${told.join('\n  ')}`);
  print(`${paint('green', '✓')} The ledgers, deliveries and caught mails say the same. ${seconds(begin)}`);
  print(`\n${await whatToTry(suite, client)}\n`);
  if (options.exit) return;
  print(
    paint(
      'dim',
      'Its clock stands still: npx laurel clock --to <instant> moves it on, by way of all that is due.',
    ),
  );
  print(`Read the mails at ${paint('bold', suite.urls.mail)} · Ctrl-C stops everything.`);
}

const seconds = (begin: number): string =>
  paint('dim', `(${((performance.now() - begin) / 1000).toFixed(0)} s)`);

function seedOf(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError('A seed is a whole number from 0.');
}

/** `laurel demo`: sixty days of a sample programme in about a minute. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('play the first sixty days of a programme at a sample company, then keep running')
    .option('--seed <number>', 'the same seed plays the same sixty days', seedOf, 2026)
    .option('--exit', 'stop when the sixty days are over')
    .action(demo);
}
