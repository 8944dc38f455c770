import { parseArgs } from 'node:util';
import { openStage } from '../bench/engine/stage.mjs';
import { chanceOf } from './load/chance.mjs';
import { compare } from './load/comparing.mjs';
import { peopleOf } from './load/events.mjs';
import { killTimes } from './load/killing.mjs';
import { modelOf } from './load/model.mjs';
import { answerQuestions, pour } from './load/pouring.mjs';
import { writeProgramme } from './load/programme.mjs';
import { unsound, untilQuiet } from './load/quiet.mjs';
import { readOutcome } from './load/reading.mjs';
import { startReceiver } from './load/receiver.mjs';

const USAGE = `npm run faults -- [options]

  Kills the engagement service (SIGKILL) again and again while it works, then compares every intent, mail, call and ledger entry with
  a model of what must have come of the events.

    --kills <n>    how often (50)
    --people <n>   people of the programme (450)
    --seed <n>     the load and the moments of the kills; printed, so that it can be repeated
    --json         one JSON object instead of the summary
`;
const text = { type: 'string' };
const { values: options } = parseArgs({
  options: { kills: text, people: text, seed: text, json: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const kills = Number(options.kills ?? 50);
const seed = Number(options.seed ?? Date.now() % 1_000_000);
const say = (words) => void (options.json ? process.stderr : process.stdout).write(words);

const begin = performance.now();
const receiver = await startReceiver(chanceOf(seed + 3));
const stage = await openStage({
  write: (folder) => writeProgramme(folder, receiver.url),
  env: { ENGAGEMENT_ALLOW_HOSTS: receiver.host },
});
let result;
try {
  result = await run();
} finally {
  await stage.close();
  receiver.stop();
}
report(result);
process.exit(result.differences.length > 0 ? 1 : 0);

async function run() {
  say(`seed ${seed}, ${kills} kills: `);
  const people = peopleOf(seed, Number(options.people ?? 450));
  await addPeople(people);
  const answering = answerQuestions(stage, chanceOf(seed + 1));
  const pouring = pour(stage, { seed: seed + 10, people });
  await killTimes(stage, { kills, chance: chanceOf(seed), onKill: () => say('†') });
  await pouring.finish();
  say(' all is told');
  await untilQuiet(stage);
  await answering.finish();
  const stuck = await untilQuiet(stage);
  say(', all is quiet\n');
  return summary(people, pouring, answering, stuck);
}

async function summary(people, pouring, answering, stuck) {
  const outcome = await readOutcome(stage);
  const model = modelOf(pouring.told, answering.answers, people);
  const calls = [...receiver.seen.values()];
  return {
    seed,
    kills,
    seconds: Math.round((performance.now() - begin) / 1000),
    events: pouring.told.length,
    copies: pouring.copies(),
    intents: outcome.intents.length,
    mails: outcome.requested.length,
    ledgerEntries: outcome.ledger.length,
    calls: calls.length,
    callsAnsweredAgain: calls.filter(({ ok }) => ok > 1).length,
    differences: [...stuck, ...(await unsound(stage)), ...compare(model, outcome, receiver)],
  };
}

async function addPeople(people) {
  await stage.database.query(
    `INSERT INTO people (id, email, name, locale, zone, seniority, created_at, updated_at)
     SELECT id, id || '@faults.example', 'Person', locale, 'Europe/Rome', 'employee', now(), now()
     FROM unnest($1::uuid[], $2::text[]) AS p(id, locale)`,
    [people.map(({ id }) => id), people.map(({ locale }) => locale)],
  );
}

function report(result) {
  if (options.json) return void process.stdout.write(`${JSON.stringify(result)}\n`);
  const { differences, ...figures } = result;
  for (const [name, value] of Object.entries(figures))
    say(
      `  ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).padEnd(22)}${value.toLocaleString('en')}\n`,
    );
  if (differences.length === 0) return say('  intents, mails, calls, ledger and balances equal the model\n');
  say(`  ${differences.length} differences from the model, the first of them:\n`);
  for (const line of differences.slice(0, 20)) say(`    ${line}\n`);
}
