const whole = (value) => Math.round(value).toLocaleString('en');
const line = (name, value, unit, rest = '') =>
  process.stdout.write(`  ${name.padEnd(46)} ${value.padStart(9)} ${unit}${rest}\n`);

/** Every figure beside what it is to be compared with. */
export function printScoring({ count, people }, figures) {
  process.stdout.write(
    `  30 rules, 40 badges, 6 boards; ${whole(count)} activities of ${whole(people)} people\n`,
  );
  const { floorRowsPerSecond, floorLedgerPerSecond, perSecond, memory, written } = figures;
  if (floorRowsPerSecond) {
    line('floor: the rows of the activities alone', whole(floorRowsPerSecond), '/s');
    line('floor: a ledger row, a counter, a balance each', whole(floorLedgerPerSecond), '/s');
  }
  if (perSecond) {
    const share = floorLedgerPerSecond
      ? `   ${((100 * perSecond) / floorLedgerPerSecond).toFixed(0)} % of the floor`
      : '';
    line('POST to ledger, metrics, badges, boards', whole(perSecond), '/s', share);
    line('  CPU of the service an activity', whole(figures.serviceCpuUs), 'µs');
    line('  CPU of PostgreSQL an activity', whole(figures.postgresCpuUs), 'µs');
    line('  memory at each quarter', quarters(memory).map(whole).join(' '), 'MB');
    const rows = Object.entries(written).map(([table, each]) => `${table} ${each.toFixed(2)}`);
    process.stdout.write(`  rows an activity: ${rows.join(', ')}\n`);
  }
  if (figures.badgeP50Ms !== undefined) {
    const pair = (a, b) => `${a.toFixed(1)} / ${b.toFixed(1)}`;
    line('activity to badge at 200/s, p50 / p99', pair(figures.badgeP50Ms, figures.badgeP99Ms), 'ms');
    line('  until the broker has it, p50 / p99', pair(figures.badgeToldP50Ms, figures.badgeToldP99Ms), 'ms');
  }
  process.stdout.write('  reads of boards with 1,000,000 people: npm run bench -- boards\n');
}

const quarters = (list) =>
  [1, 2, 3, 4].map((quarter) => list[Math.max(0, Math.ceil((quarter * list.length) / 4) - 1)]);
