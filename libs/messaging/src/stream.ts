import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Namespace } from '#libs/contracts';

const DAY_MS = 86_400_000;
/** JetStream's code for "stream not found". */
const STREAM_MISSING = 10059;

/** How long an event stays in the stream and in the outbox window that can refill it. */
export const RETENTION_DAYS = 7;

/** Finds the stream or creates it. Transport only: losing it loses nothing, the outboxes refill it. */
export async function ensureStream(connection: NatsConnection, namespace: Namespace): Promise<StreamInfo> {
  const manager = await jetstreamManager(connection);
  try {
    return await manager.streams.info(namespace.stream);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_MISSING)
      return createStream(manager, namespace);
    throw error;
  }
}

function createStream(manager: JetStreamManager, namespace: Namespace): Promise<StreamInfo> {
  return manager.streams.add({
    name: namespace.stream,
    subjects: [namespace.event('>')],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(RETENTION_DAYS * DAY_MS),
    duplicate_window: nanos(120_000),
  });
}
