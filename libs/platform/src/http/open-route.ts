import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Answers a request itself, now or later. `rest` is what follows the prefix, without the query. */
export type OpenHandler = (request: IncomingMessage, response: ServerResponse, rest: string) => void;

/**
 * GET and HEAD of everything under a prefix, for everybody, for what is asked thousands of times a second: passes by Nest and Fastify with
 * their guards, pipes, traces and log lines. `reason` says, for the reviewer, why it needs no key. The handler must not throw.
 */
export function openRoute(
  { httpAdapter }: Pick<HttpAdapterHost, 'httpAdapter'>,
  prefix: `/${string}/`,
  _reason: string,
  handler: OpenHandler,
): void {
  const answer = (request: IncomingMessage, response: ServerResponse): void =>
    handler(request, response, restOf(request.url!, prefix.length));
  answerFirst(httpAdapter.getHttpServer() as Server, prefix, answer);
  // A server for a second address of "localhost" is Fastify's own.
  const http: FastifyInstance = httpAdapter.getInstance();
  const throughFastify = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    answer(request.raw, reply.raw);
  };
  http.route({ method: ['GET', 'HEAD'], url: `${prefix}*`, handler: throughFastify });
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

function answerFirst(server: Server, prefix: string, answer: Listener): void {
  const others = server.listeners('request') as Listener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const ours = request.url!.startsWith(prefix) && (request.method === 'GET' || request.method === 'HEAD');
    if (!ours) for (const other of others) other.call(server, request, response);
    else {
      // Who shuts down lets nobody stay.
      if (!server.listening) response.shouldKeepAlive = false;
      answer(request, response);
    }
  });
}

function restOf(url: string, from: number): string {
  const query = url.indexOf('?', from);
  return query < 0 ? url.slice(from) : url.slice(from, query);
}
