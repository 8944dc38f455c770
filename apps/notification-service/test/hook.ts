import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came in. */
export interface Called {
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the other side of a webhook does with a call once it has heard all of it. */
export type HookAnswer =
  { status: number; headers?: Record<string, string>; body?: string | Buffer; afterMs?: number } | 'drop';

/** A real HTTP server in the place of Slack, Teams or whoever has a webhook. */
export interface Hook {
  host: string;
  url: string;
  calls: Called[];
  /** Answers to the next calls, first come first served; then 200. */
  answers: HookAnswer[];
  close(): Promise<void>;
}

export async function openHook(): Promise<Hook> {
  const hook: Hook = { host: '', url: '', calls: [], answers: [], close: async () => {} };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      hook.calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const answer = hook.answers.shift() ?? { status: 200, body: 'ok' };
      if (answer === 'drop') return void request.socket.destroy();
      setTimeout(
        () => response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? ''),
        answer.afterMs ?? 0,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  hook.url = `http://${hook.host}/hooks/T0000/s3cr3t`;
  hook.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return hook;
}
