import { connect } from '@nats-io/transport-node';
import type { ConnectionOptions, NatsConnection } from '@nats-io/transport-node';

/** Injection token of the connection. */
export const NATS = Symbol('NATS');
export type { NatsConnection };

/** Connects and stays connected; `nats://token@host` and `nats://user:password@host` carry the credentials. */
export function connectNats(urls: string, name: string): Promise<NatsConnection> {
  return connect({
    ...credentialsOf(urls),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    waitOnFirstConnect: false,
  });
}

function credentialsOf(urls: string): ConnectionOptions {
  const parsed = urls.split(',').map((url) => new URL(url.includes('://') ? url : `nats://${url}`));
  const servers = parsed.map((url) => `${url.protocol}//${url.host}`);
  const { username, password } = parsed[0]!;
  if (!username) return { servers };
  const user = decodeURIComponent(username);
  return password ? { servers, user, pass: decodeURIComponent(password) } : { servers, token: user };
}
