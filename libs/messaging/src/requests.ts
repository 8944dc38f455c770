import { Inject, Injectable } from '@nestjs/common';
import { headers } from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { Namespace, requests } from '#libs/contracts';
import type { ReplyOf, RequestName, RequestOf } from '#libs/contracts';
import { DomainError, traceparent } from '#libs/platform';
import { NATS } from './nats.js';
import type { Answer } from './server.js';

const TIMEOUT_MS = 3_000;

/** Asks another service and waits for its answer. */
@Injectable()
export class Requests {
  constructor(
    @Inject(NATS) private readonly connection: NatsConnection,
    private readonly namespace: Namespace,
  ) {}

  /** Throws a 503 `service_unavailable` when nobody answers in 3 s, or who answers is without its database. */
  async ask<N extends RequestName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>> {
    const head = headers();
    head.set('traceparent', traceparent());
    const options = { timeout: TIMEOUT_MS, headers: head };
    const answer = await this.connection
      .request(this.namespace.request(name), JSON.stringify(request), options)
      .catch(() => {
        throw unavailable(name);
      });
    return replyOf(name, answer);
  }
}

const unavailable = (name: RequestName): DomainError =>
  new DomainError('service_unavailable', 503, `There was no answer from the service that knows "${name}".`);

function replyOf<N extends RequestName>(name: N, message: Msg): ReplyOf<N> {
  const answer: Answer = message.json();
  if (answer.unavailable) throw unavailable(name);
  if (answer.error !== undefined)
    throw new DomainError('request_failed', 502, `"${name}" was refused: ${answer.error}`);
  return requests[name].reply.parse(answer.reply) as ReplyOf<N>;
}
