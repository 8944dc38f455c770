/** The figures worth watching: how much of the floor is left. */
export function ratiosOf(figures) {
  const { floorRunsPerSecond: floor } = figures;
  if (!floor) return {};
  const of = (figure) => (figures[figure] === undefined ? undefined : figures[figure] / floor);
  return { runs: of('runsPerSecond'), starts: of('startedPerSecond'), timers: of('timersPerSecond') };
}

const whole = (value) => Math.round(value).toLocaleString('en');
const tenths = (value) => value.toFixed(1);

const LINES = [
  ['floor: runs by plain INSERT', 'floorRunsPerSecond', '/s', whole],
  ['floor: messages to JetStream', 'floorMessagesPerSecond', '/s', whole],
  ['runs started', 'startedPerSecond', '/s', whole, 'starts'],
  ['timers fired', 'timersPerSecond', '/s', whole, 'timers'],
  ['whole runs, event to last intent', 'runsPerSecond', '/s', whole, 'runs'],
  ['  durable steps', 'stepsPerSecond', '/s', whole],
  ['  whole runs, everything told', 'runsToldPerSecond', '/s', whole],
  ['event to intent, p50', 'latencyP50Ms', 'ms', tenths],
  ['event to intent, p99', 'latencyP99Ms', 'ms', tenths],
  ['event to message at the broker, p50', 'latencyToBrokerP50Ms', 'ms', tenths],
  ['event to message at the broker, p99', 'latencyToBrokerP99Ms', 'ms', tenths],
  ['fan-out, firing to last intent', 'fanOutSeconds', 's', tenths],
  ['  people', 'fanOutPerSecond', '/s', whole],
  ['  memory at its peak', 'fanOutPeakMemoryMb', 'MB', whole],
  ['CPU of PostgreSQL a run: floor', 'floorPostgresCpuUs', 'µs', whole],
  ['CPU of PostgreSQL a run: start', 'startPostgresCpuUs', 'µs', whole],
  ['CPU of PostgreSQL a run: timer', 'timerPostgresCpuUs', 'µs', whole],
  ['CPU of PostgreSQL a run: whole', 'runPostgresCpuUs', 'µs', whole],
  ['CPU of PostgreSQL a person of a fan-out', 'fanOutPostgresCpuUs', 'µs', whole],
  ['CPU of the service a run: start', 'startServiceCpuUs', 'µs', whole],
  ['CPU of the service a run: timer', 'timerServiceCpuUs', 'µs', whole],
  ['CPU of the service a run: whole', 'runServiceCpuUs', 'µs', whole],
  ['CPU of the service a person of a fan-out', 'fanOutServiceCpuUs', 'µs', whole],
  ['memory at rest', 'memoryAtRestMb', 'MB', whole],
  ['memory under load, at its peak', 'memoryUnderLoadMb', 'MB', whole],
  ['after SIGKILL: all finished', 'recoverySeconds', 's', tenths],
  ['  of which until it was ready again', 'restartSeconds', 's', tenths],
];

/** One line a figure, with the share of the floor where there is one. */
export function printTable({ sizes, figures, ratios }) {
  process.stdout.write(`  ${whole(sizes.runs)} runs a burst, ${whole(sizes.people)} people\n`);
  for (const [name, figure, unit, format, ratio] of LINES) {
    if (figures[figure] === undefined) continue;
    const share =
      ratios[ratio] === undefined ? '' : `   ${(100 * ratios[ratio]).toFixed(0).padStart(3)} % of the floor`;
    process.stdout.write(
      `  ${name.padEnd(41)} ${format(figures[figure]).padStart(9)} ${unit.padEnd(3)}${share}\n`,
    );
  }
}

/** The dearest statements of a part, in ms of PostgreSQL's time, and begins to count anew. */
export async function printStatements({ database }, part) {
  const { rows } = await database.query(
    `SELECT calls, round(total_exec_time) AS ms, rows, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) AS query
     FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 14`,
  );
  process.stdout.write(`  ${part}\n`);
  for (const { calls, ms, rows: count, query } of rows)
    process.stdout.write(
      `  ${String(ms).padStart(7)} ms ${calls.padStart(6)} calls ${count.padStart(7)} rows  ${query}\n`,
    );
  await database.query('SELECT pg_stat_statements_reset()');
}
