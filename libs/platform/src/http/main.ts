import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Runs the start of a service; a failure is said in one readable message instead of a stack trace. */
export function startMain(name: string, start: () => Promise<unknown>): void {
  start().catch((error: unknown) => {
    const { message, code } = error as { message?: string; code?: string };
    process.stderr.write(`${name} could not start: ${message || code || String(error)}\n`);
    // Connections that were already open would keep the process alive.
    process.exit(1);
  });
}

const TEXT_LIMIT = 20 * 1024 * 1024;

/** Lets routes take whole text files as their body. */
export function acceptText(app: NestFastifyApplication, ...types: string[]): void {
  const http = app.getHttpAdapter().getInstance();
  http.addContentTypeParser(types, { parseAs: 'string', bodyLimit: TEXT_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
}
