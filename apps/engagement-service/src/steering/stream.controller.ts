import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Allow, LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { RunStream } from './run-stream.service.js';

const streamQuery = z.strictObject({ workflow: z.string().optional(), personId: z.uuid().optional() });
/** Somebody with so much unread does not keep up. */
const MAX_UNREAD = 1024 * 1024;
const HEAD = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };

/** Runs as they change. */
@ApiTags('runs')
@Controller('engagement/runs')
export class StreamController {
  constructor(
    private readonly stream: RunStream,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Server-sent events, one for each turn of a run as it commits. The id of an event is its number: a client that comes back with
   * `Last-Event-ID` misses nothing and gets nothing twice.
   */
  @Get('stream')
  @Allow('hr')
  @ApiProduces('text/event-stream')
  async listen(
    @Query({ schema: streamQuery }) { workflow, personId }: z.infer<typeof streamQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { raw } = reply;
    const write = (text: string): boolean =>
      !raw.destroyed && raw.writableLength <= MAX_UNREAD && (raw.write(text), true);
    const listener = {
      workflow: workflow ?? null,
      personId: personId ?? null,
      write,
      end: () => void raw.end(),
    };
    this.stream.admit(listener);
    raw.on('close', () => this.stream.leave(listener));
    reply.hijack();
    raw.writeHead(200, HEAD);
    raw.write('retry: 2000\n\n');
    await this.stream.listen(listener, numberOf(lastEventId)).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'a listener could not be let in');
      this.stream.leave(listener, true);
    });
  }
}

const numberOf = (id: string | undefined): number | null => (id && /^\d{1,15}$/.test(id) ? Number(id) : null);
