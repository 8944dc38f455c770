import { Inject, Injectable } from '@nestjs/common';
import { headers } from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { ReplyOf, RequestName, RequestOf } from '#libs/contracts';
import { requestSubject, requests } from '#libs/contracts';
import { DomainError, traceparent } from '#libs/platform';
import { NATS } from './nats.js';

const TIMEOUT_MS = 3_000;

/** Asks another service and waits for its answer. */
@Injectable()
export class Requests {
  constructor(@Inject(NATS) private readonly connection: NatsConnection) {}

  /** Throws a 503 `service_unavailable` when nobody answers in 3 s. */
  async ask<N extends RequestName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>> {
    const head = headers();
    head.set('traceparent', traceparent());
    const options = { timeout: TIMEOUT_MS, headers: head };
    const answer = await this.connection
      .request(requestSubject(name), JSON.stringify(request), options)
      .catch(() => {
        throw new DomainError(
          'service_unavailable',
          503,
          `There was no answer from the service that knows "${name}".`,
        );
      });
    return replyOf(name, answer);
  }
}

function replyOf<N extends RequestName>(name: N, message: Msg): ReplyOf<N> {
  const answer: { reply?: unknown; error?: string } = message.json();
  if (answer.error !== undefined)
    throw new DomainError('request_failed', 502, `"${name}" was refused: ${answer.error}`);
  return requests[name].reply.parse(answer.reply) as ReplyOf<N>;
}
