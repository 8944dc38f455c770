import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { MailStore } from './store.js';

/** A listening part of the catcher. */
export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

const LARGEST_MAIL = 25 * 1024 * 1024;

/** Takes every mail, from anybody to anybody, into `store`; nothing leaves the machine. */
export async function listenForMail(store: MailStore, host: string, port: number): Promise<Listening> {
  const server = new SMTPServer({
    // No certificate that anyone trusts can be had for the loopback, and no password would protect anything.
    disabledCommands: ['AUTH', 'STARTTLS'],
    // A name look-up for each connection would wait for a resolver that a laptop on a train has not got.
    disableReverseLookup: true,
    size: LARGEST_MAIL,
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('error', callback);
      stream.once('end', () => {
        store.add(
          Buffer.concat(chunks),
          session.envelope.rcptTo.map(({ address }) => address),
        );
        callback();
      });
    },
  });
  // A client that hangs up in mid-sentence is its own trouble, not a reason to end the suite.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
