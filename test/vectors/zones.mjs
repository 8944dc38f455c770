// Writes zones-2000-2040.tsv from the machine's compiled zone data, by way of zdump: the tz project's own reader, which
// shares no code and no data with the Intl of Node that the calendar stands on.
// Usage: node test/vectors/zones.mjs > test/vectors/zones-2000-2040.tsv
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const FROM = Date.UTC(2000, 0, 1) / 1000;
const UNTIL = Date.UTC(2041, 0, 1) / 1000;
const LINE = /^\S+\s+\w{3} (\w{3}) +(\d+) (\d\d):(\d\d):(\d\d) (-?\d+) UTC? = .* gmtoff=(-?\d+)$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function moments(zone) {
  const text = execFileSync('zdump', ['-v', '-c', '1999,2042', zone], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const found = LINE.exec(line);
    if (!found) return [];
    const [, month, day, hour, minute, second, year, offset] = found;
    const at = Date.UTC(
      Number(year),
      MONTHS.indexOf(month) / 3,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    return [{ at: at / 1000, offset: Number(offset) }];
  });
}

// zdump prints the last second before and the first second after each transition.
function transitions(zone) {
  const all = moments(zone);
  return all.flatMap(({ at, offset: after }, i) => {
    const before = all[i - 1]?.offset ?? after;
    const isChange = all[i - 1]?.at === at - 1 && before !== after;
    return isChange && at >= FROM && at < UNTIL ? [{ at, before, after }] : [];
  });
}

const local = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16);

/** Local times that do not exist are the transition itself; of those that exist twice the first counts. */
function row({ at, before, after }) {
  const [kind, from, to] =
    after > before ? ['gap', at + before, at + after] : ['overlap', at + after, at + before];
  const first = kind === 'gap' ? at : at - (before - after);
  return [kind, local(from), local(to), `${local(first)}Z`].join('\t');
}

const groups = new Map();
for (const zone of Intl.supportedValuesOf('timeZone')) {
  const rows = transitions(zone).map(row).join('\n');
  groups.set(rows, [...(groups.get(rows) ?? []), zone]);
}
const version = readFileSync('/usr/share/zoneinfo/tzdata.zi', 'utf8')
  .split('\n')[0]
  .replace('# version ', '');
console.log(
  `# tz database ${version}, by zones.mjs. Columns: gap or overlap, local from, local to (exclusive), the instant of "from".`,
);
console.log('# In a gap every local time is that instant; in an overlap the first of its two.');
for (const [rows, zones] of groups)
  console.log([`zones\t${zones.join(' ')}`, rows].filter(Boolean).join('\n'));
