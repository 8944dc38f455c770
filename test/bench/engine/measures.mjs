import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { activityEvent, publishAll, quiet, until } from './events.mjs';

/** The most memory the service has had so far, in MB. */
export const peakMemory = ({ service }) =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))[1]) / 1024);

const since = (begin) => (performance.now() - begin) / 1000;
const eventsOf = ({ people }, type, count) =>
  Array.from({ length: count }, (_, index) => activityEvent(type, people[index % people.length]));

async function count(database, workflow, condition = 'true') {
  const { rows } = await database.query(
    `SELECT count(*)::int AS n FROM runs WHERE workflow_id = $1 AND ${condition}`,
    [workflow],
  );
  return rows[0].n;
}

/** When the last run of a workflow came to where it stands, by the service's own clock: finer than looking now and then. */
async function lastAt(database, workflow, column) {
  const { rows } = await database.query(
    `SELECT extract(epoch FROM max(${column})) * 1000 AS at FROM runs WHERE workflow_id = $1`,
    [workflow],
  );
  return Number(rows[0].at);
}

/** The events lie in the stream before the service may go on: what is measured is taking them, not telling them. */
async function burst(stage, type, runs, work) {
  process.kill(stage.service.pid, 'SIGSTOP');
  await publishAll(stage.connection, eventsOf(stage, type, runs));
  await stage.profile(true);
  const begin = Date.now();
  process.kill(stage.service.pid, 'SIGCONT');
  const end = await work();
  await stage.profile(false);
  return (end - begin) / 1000;
}

/** From the event in JetStream to the run waiting, its points in the ledger and its message in the outbox. */
export async function starts(stage, runs) {
  const { database } = stage;
  const seconds = await burst(stage, 'bench.waiting', runs, async () => {
    await until('all have started', async () => (await count(database, 'bench-waiting')) === runs);
    return lastAt(database, 'bench-waiting', 'step_since');
  });
  await quiet(stage);
  return { startedPerSecond: runs / seconds };
}

/** All the waits fall due at one moment: from there to the last mail in the outbox. */
export async function timers(stage) {
  const { database } = stage;
  await database.query('VACUUM ANALYZE runs');
  const { rowCount } = await database.query(
    `UPDATE runs SET due_at = now() - interval '1 second' WHERE workflow_id = 'bench-waiting' AND status = 'waiting'`,
  );
  await stage.profile(true);
  const begin = Date.now();
  await until(
    'all have fired',
    async () => (await count(database, 'bench-waiting', `status = 'waiting'`)) === 0,
  );
  const seconds = ((await lastAt(database, 'bench-waiting', 'ended_at')) - begin) / 1000;
  await stage.profile(false);
  await quiet(stage);
  return { timersPerSecond: rowCount / seconds };
}

/** The whole way of a run: event, ledger row, timer of one second, mail intent. */
export async function wholeRuns(stage, runs) {
  const { database } = stage;
  const seconds = await burst(stage, 'bench.run', runs, async () => {
    await until(
      'all are done',
      async () => (await count(database, 'bench-runs', `status = 'done'`)) === runs,
    );
    return lastAt(database, 'bench-runs', 'ended_at');
  });
  const begin = performance.now();
  await quiet(stage);
  const [perSecond, told] = [runs / seconds, runs / (seconds + since(begin))];
  return {
    runsPerSecond: perSecond,
    stepsPerSecond: 3 * perSecond,
    runsToldPerSecond: told,
    memoryUnderLoadMb: peakMemory(stage),
  };
}

/** One firing, one mail to everybody. */
export async function fanOut(stage, people) {
  const { database, connection } = stage;
  await stage.profile(true);
  const begin = performance.now();
  await publishAll(connection, eventsOf(stage, 'bench.fanout', 1));
  await until('everybody has theirs', async () => {
    const { rows } = await database.query(
      `SELECT FROM runs WHERE workflow_id = 'bench-fanout' AND status = 'done' LIMIT 1`,
    );
    return rows.length > 0;
  });
  const seconds = since(begin);
  await stage.profile(false);
  const { rows } = await database.query(
    `SELECT count(*)::int AS n FROM intents WHERE workflow_id = 'bench-fanout'`,
  );
  if (rows[0].n !== people) throw new Error(`${rows[0].n} of ${people} people have an intent`);
  await quiet(stage);
  return { fanOutSeconds: seconds, fanOutPerSecond: people / seconds, fanOutPeakMemoryMb: peakMemory(stage) };
}

const RATE = 200;
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** From telling an event to the intent committed, and to the message about it at the broker. */
export async function latency(stage, seconds) {
  const { connection, database } = stage;
  const [told, heard] = [new Map(), new Map()];
  const subscription = connection.subscribe('laurel.evt.notification.requested', {
    callback: (_error, message) => heard.set(message.json().data.data.invitationId, Date.now()),
  });
  const events = eventsOf(stage, 'bench.answer', RATE * seconds);
  const begin = performance.now();
  for (const [index, event] of events.entries()) {
    while (performance.now() < begin + (index * 1000) / RATE) await pause(1);
    told.set(event.key, Date.now());
    connection.publish(event.subject, event.payload);
  }
  await until('all are answered', () => events.every(({ key }) => heard.has(key)));
  subscription.unsubscribe();
  const { rows } = await database.query(
    `SELECT key, extract(epoch FROM pg_xact_commit_timestamp(intents.xmin)) * 1000 AS at
     FROM intents JOIN runs ON runs.id = run_id WHERE intents.workflow_id = 'bench-answer'`,
  );
  const committed = rows.map(({ key, at }) => Number(at) - told.get(key)).sort((a, b) => a - b);
  const arrived = [...heard].map(([key, at]) => at - told.get(key)).sort((a, b) => a - b);
  await quiet(stage);
  return {
    latencyP50Ms: percentile(committed, 0.5),
    latencyP99Ms: percentile(committed, 0.99),
    latencyToBrokerP50Ms: percentile(arrived, 0.5),
    latencyToBrokerP99Ms: percentile(arrived, 0.99),
  };
}

/** SIGKILL in the middle of a burst; the service is started again at once, as its supervisor would. */
export async function kill(stage, runs) {
  const { database, service } = stage;
  const before = await count(database, 'bench-runs');
  await publishAll(stage.connection, eventsOf(stage, 'bench.run', runs));
  await until(
    'a third has started',
    async () => (await count(database, 'bench-runs')) - before >= runs / 3,
    10,
  );
  const begin = performance.now();
  await service.kill('SIGKILL');
  await service.restart();
  const restarted = since(begin);
  await until(
    'all are done',
    async () => (await count(database, 'bench-runs', `status = 'done'`)) === before + runs,
  );
  const seconds = since(begin);
  const { rows } = await database.query(
    `SELECT count(*)::int AS n FROM intents WHERE workflow_id = 'bench-runs' AND kind = 'send'`,
  );
  if (rows[0].n !== before + runs) throw new Error(`${rows[0].n} mails of ${before + runs} runs`);
  return { recoverySeconds: seconds, restartSeconds: restarted };
}
