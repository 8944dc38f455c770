import { replay as stackExchange } from './stack-exchange/replay.mjs';

/** Communities whose history and badges can be played again. */
const replays = { 'stack-exchange': stackExchange };
const USAGE = `npm run replay -- <community> <folder of a dump> [--differences]

  Plays the history of a real community through the engagement service in virtual time, and compares the badges it awards with those
  the real system awarded. One JSON line a badge: badge, real, awarded, both.

    --differences   also a line for each award that only one side has

  Communities: ${Object.keys(replays).join(', ')}
`;

const [community, folder, ...options] = process.argv.slice(2);
const replay = Object.hasOwn(replays, community ?? '') ? replays[community] : null;
if (!replay || !folder || options.some((option) => option !== '--differences')) {
  process.stderr.write(USAGE);
  process.exit(1);
}
try {
  await replay(folder, { differences: options.length > 0 });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
process.exit(0);
