import { parseArgs } from 'node:util';

/** Each bench prints its figures beside a baseline of the same run. */
const benches = {
  redirector: './redirector.mjs',
  ingest: './ingest.mjs',
  feeds: './feeds.mjs',
  workflows: './workflows.mjs',
  simulation: './simulation.mjs',
  boards: './boards.mjs',
  scoring: './scoring.mjs',
  notification: './notification.mjs',
};
const USAGE = `npm run bench -- [names] [options]

  Benches: ${Object.keys(benches).join(', ')}; all of them without a name.

  Options of workflows:
    --json              one JSON object {figures, ratios} instead of the table
    --runs <n>          runs of each burst (20000)
    --people <n>        people of the directory and of the fan-out (100000); with notification, of the large send
    --seconds <n>       how long events come in at 200 a second (10)
    --only <parts>      of floor,starts,timers,runs,latency,fanout,kill; with commas
    --profile <folder>  writes a CPU profile of the service there
    --statements        prints the dearest statements of each part

  Options of scoring: --json, --people, --seconds, --profile, --statements as above, and
    --activities <n>    how long the feed is (200000)
    --only <parts>      of floor,feed,latency; with commas

  Option of simulation:
    --activities <n>    how long the log is (1000000)
`;

const { values: options, positionals: wanted } = readArguments();
if (options.help) say(USAGE, 0);
const unknown = wanted.find((name) => !Object.hasOwn(benches, name));
if (unknown) say(`There is no bench "${unknown}".\n\n${USAGE}`, 1);
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const { bench } = await import(benches[name]);
  if (!options.json) process.stdout.write(`\n${name}\n`);
  await bench(options);
}
process.exit(0);

function readArguments() {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const known = {
    json: flag,
    help: flag,
    statements: flag,
    runs: text,
    people: text,
    seconds: text,
    only: text,
    profile: text,
    activities: text,
  };
  try {
    return parseArgs({ allowPositionals: true, options: known });
  } catch (error) {
    return say(`${error.message}\n\n${USAGE}`, 1);
  }
}

function say(words, code) {
  process[code === 0 ? 'stdout' : 'stderr'].write(words);
  process.exit(code);
}
