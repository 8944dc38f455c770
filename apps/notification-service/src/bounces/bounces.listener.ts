import type { AddressInfo } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { ENV, LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { MAX_BOUNCE_BYTES } from './bounces.controller.js';
import { Bounces } from './bounces.service.js';
import { ReturnPaths } from './return-paths.js';

const MAX_CONNECTIONS = 50;
const MAX_RECIPIENTS = 10;
const SILENCE_MS = 60_000;

type Done = (error?: Error | null) => void;

/** An SMTP server for bounces alone: takes mail to the return paths we signed, relays nothing, knows no passwords. */
@Injectable()
export class BounceListener implements OnApplicationBootstrap, OnModuleDestroy {
  private server: SMTPServer | null = null;

  constructor(
    private readonly bounces: Bounces,
    private readonly paths: ReturnPaths,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Where it listens; null when it does not. */
  get port(): number | null {
    return (this.server?.server.address() as AddressInfo | null | undefined)?.port ?? null;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { BOUNCE_SMTP_PORT: port, BOUNCE_DOMAIN: domain, BOUNCE_SMTP_HOST: host } = this.env;
    if (port === undefined) return;
    if (!domain) throw new Error('BOUNCE_SMTP_PORT needs BOUNCE_DOMAIN: without it no bounce comes here.');
    const server = this.make(domain);
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.server = server;
    this.logger.info({ port: this.port, domain }, 'bounces are taken by SMTP');
  }

  async onModuleDestroy(): Promise<void> {
    const { server } = this;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private make(name: string): SMTPServer {
    const server = new SMTPServer({
      name,
      // No password opens anything here, and what comes is public already: it has crossed the internet.
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: MAX_BOUNCE_BYTES,
      maxClients: MAX_CONNECTIONS,
      socketTimeout: SILENCE_MS,
      closeTimeout: 5_000,
      logger: false,
      onRcptTo: (address, session, done) => done(this.refusal(address, session)),
      onData: (stream, session, done) => void this.receive(stream, session, done),
    });
    // A sender that hangs up in mid-sentence sends again; nothing of ours is lost.
    server.on('error', (error: Error) => this.logger.debug({ err: error }, 'bounce listener'));
    return server;
  }

  private refusal({ address }: SMTPServerAddress, { envelope }: SMTPServerSession): Error | null {
    if (envelope.rcptTo.length >= MAX_RECIPIENTS) return refused(452, 'Too many recipients');
    return this.paths.read(address) ? null : refused(550, 'No such address here');
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    const content = await collect(stream).catch(() => null);
    if (content === null) return done(refused(451, 'The message was cut off'));
    if (stream.sizeExceeded) return done(refused(552, 'The message is too big'));
    const to = session.envelope.rcptTo.map(({ address }) => address);
    try {
      await this.bounces.take(content, 'smtp', to);
      done();
    } catch (error) {
      this.logger.error({ err: error }, 'a bounce could not be taken; its sender tries again');
      done(refused(451, 'Try again later'));
    }
  }
}

const refused = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/** The stream must be read to its end even when it is too long, but not kept. */
async function collect(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BOUNCE_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
