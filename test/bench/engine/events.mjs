import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { publishBatch } from '../../../dist/libs/messaging/src/publisher.js';

const BATCH = 500;

/** A recorded activity as the engagement service itself tells of it. */
export function activityEvent(type, personId) {
  const id = randomUUID();
  const data = { activityId: id, activityType: type, personId, objectId: randomUUID(), value: 1, data: {} };
  const envelope = {
    specversion: '1.0',
    id,
    source: '/laurel/bench',
    type: 'activity.recorded',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  };
  return {
    id,
    subject: 'laurel.evt.activity.recorded',
    payload: JSON.stringify(envelope),
    key: data.objectId,
  };
}

/** Publishes events to JetStream; resolves when all are stored. */
export async function publishAll(connection, events) {
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH);
    const stored = await publishBatch(connection, batch);
    if (stored.size !== batch.length) throw new Error('the broker did not store a batch');
  }
}

/** Looks every so often until it holds; fails after two minutes. */
export async function until(what, holds, everyMs = 250) {
  for (const end = performance.now() + 120_000; performance.now() < end; await pause(everyMs))
    if (await holds()) return;
  throw new Error(`waited two minutes in vain until ${what}`);
}

/** Until everything told has reached the broker and the service has nothing left to hear. */
export async function quiet({ database, connection }) {
  const jetstream = await import('@nats-io/jetstream');
  const manager = await jetstream.jetstreamManager(connection);
  await until('the service is quiet', async () => {
    const { rows } = await database.query('SELECT FROM outbox_pending LIMIT 1');
    const info = await manager.consumers.info('LAUREL_EVENTS', 'engagement-workflows');
    return rows.length === 0 && info.num_pending + info.num_ack_pending === 0;
  });
}
