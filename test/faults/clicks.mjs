import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { followUntil } from './clicks/following.mjs';
import { addShares, openContent } from '../bench/redirects/stage.mjs';

const USAGE = `node test/faults/clicks.mjs [options]

  Kills the content service (SIGKILL) again and again while visitors follow links, then compares every answered visit with what is stored.

    --kills <n>   how often (8)
    --json        one JSON object instead of the summary
`;
const { values: options } = parseArgs({
  options: { kills: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const kills = Number(options.kills ?? 8);
const stage = await openContent();
let result;
try {
  result = await run();
} finally {
  await stage.close();
}
process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
process.exit(result.differences.length > 0 ? 1 : 0);

async function run() {
  // A link for each visitor of chance: who was answered is told by the link.
  const links = await addShares(stage.database, 200);
  const following = followUntil(stage.url, links);
  for (let kill = 0; kill < kills; kill++) {
    await pause(700 + ((kill * 337) % 1900));
    await stage.service.kill('SIGKILL');
    await stage.service.restart();
  }
  const { answered, unanswered } = await following.stop();
  const stored = await settled(total(answered));
  const told = await toldOf();
  return {
    kills,
    answered: total(answered),
    unanswered,
    stored: total(stored),
    differences: [
      ...links.flatMap((link) =>
        differenceOf(link, answered.get(link) ?? 0, stored.get(link) ?? 0, unanswered),
      ),
      ...(told === total(stored) ? [] : [`${total(stored)} clicks are stored and ${told} told`]),
      ...(total(stored) <= total(answered) + unanswered ? [] : ['more is stored than was asked']),
    ],
  };
}

/** A visit that was kept and whose answer the kill cut off may be stored: nobody was answered wrongly. */
function differenceOf(link, answered, stored, unanswered) {
  if (stored >= answered && stored <= answered + unanswered) return [];
  return [`${link}: ${answered} answered, ${stored} stored`];
}

function total(counts) {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** What is stored by link, once all that was answered is there, or nothing more comes. */
async function settled(expected) {
  let before = -1;
  for (let rounds = 0; rounds < 60; rounds++) {
    const counts = await storedByLink();
    const now = total(counts);
    if (now >= expected && now === before) return counts;
    before = now;
    await pause(2_000);
  }
  return storedByLink();
}

async function storedByLink() {
  const { rows } = await stage.database.query(
    `SELECT link_id AS link, count(*)::int AS count FROM clicks JOIN shares ON shares.id = share_id GROUP BY link_id`,
  );
  return new Map(rows.map(({ link, count }) => [link, count]));
}

async function toldOf() {
  const { rows } = await stage.database.query(
    `SELECT count(*)::int AS count FROM outbox WHERE subject LIKE '%link.clicked'`,
  );
  return rows[0].count;
}
