import { setTimeout as pause } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';

const ALIVE = `status IN ('new', 'waiting', 'expanding', 'queued')`;
/** Longer than the lease of a call whose caller was killed. */
const PATIENCE_MS = 90_000;

/** What is still to be done, by name; empty when the service has nothing left to do. */
async function left({ database, connection }) {
  const one = async (sql) => Number((await database.query(sql)).rows[0].n);
  const counts = {
    'living runs': await one(`SELECT count(*) AS n FROM runs WHERE ${ALIVE}`),
    'unpublished events': await one('SELECT count(*) AS n FROM outbox_pending'),
    'open fan-outs': await one(`SELECT count(*) AS n FROM expansions WHERE state <> 'settled'`),
    'open calls': await one(`SELECT count(*) AS n FROM calls WHERE state = 'open'`),
  };
  const manager = await jetstreamManager(connection);
  for await (const { name, num_pending: pending, num_ack_pending: unsettled } of manager.consumers.list(
    'LAUREL_EVENTS',
  ))
    if (name.startsWith('engagement-')) counts[`messages for ${name}`] = pending + unsettled;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Waits until nothing is left to do, or nothing has changed for a long while. Returns what is left, as differences. */
export async function untilQuiet(stage) {
  let [before, since, still] = ['', performance.now(), 0];
  while (performance.now() - since < PATIENCE_MS) {
    const now = await left(stage);
    still = Object.keys(now).length === 0 ? still + 1 : 0;
    // Twice in a row: a message may be on its way from one part to the next.
    if (still === 2) return [];
    if (JSON.stringify(now) !== before) [before, since] = [JSON.stringify(now), performance.now()];
    await pause(1_000);
  }
  return Object.entries(await left(stage)).map(([what, count]) => `still there: ${count} ${what}`);
}

/** What must hold of the tables whatever the load was, as differences. An empty balance is somebody whom a batch has locked and given nothing. */
export async function unsound({ database }) {
  const { rows } = await database.query(`
    SELECT 'run ' || id || ' of ' || workflow_id || ' has failed: ' || coalesce(reason, '') AS line FROM runs WHERE status = 'failed'
    UNION ALL SELECT 'run ' || id || ' of ' || workflow_id || ' is ' || status || ' at ' || coalesce(step, '-') || ', due ' || coalesce(due_at::text, 'never')
      FROM runs WHERE ${ALIVE}
    UNION ALL SELECT 'dead letter of ' || consumer || ': ' || reason FROM dead_letters
    UNION ALL SELECT 'balance of ' || person_id || ': ' || coalesce(balance, 0) || ', ledger: ' || coalesce(points, 0)
      FROM balances FULL JOIN (SELECT person_id, sum(points) AS points FROM ledger GROUP BY person_id) l USING (person_id)
      WHERE coalesce(balance, 0) <> coalesce(points, 0)`);
  return rows.map(({ line }) => line);
}
