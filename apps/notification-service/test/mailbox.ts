import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerEnvelope } from 'smtp-server';

/** A mail as it came over the wire. */
export interface Received {
  /** The return path. */
  from: string;
  to: string;
  messageId: string;
  raw: string;
  mail: ParsedMail;
}

/** What the server does with a mail after its content arrived. */
type Answer = { code: number; text: string } | { pauseMs: number } | 'accept' | 'drop';

/** A real SMTP server of the test: keeps what it accepts and answers as the test says. */
export interface Mailbox {
  url: string;
  /** Everything whose content arrived, also what was refused or dropped afterwards. */
  received: Received[];
  /** Answers to the next mails, first come first served; then `accept`. */
  answers: Answer[];
  /** Runs when content arrived, before the answer. */
  onReceived: (mail: Received) => Promise<void>;
  close(): Promise<void>;
}

/** With `untrusted`, it offers STARTTLS with a certificate that nobody vouches for. */
export async function openMailbox({ untrusted = false } = {}): Promise<Mailbox> {
  const mailbox: Mailbox = {
    url: '',
    received: [],
    answers: [],
    onReceived: async () => {},
    close: async () => {},
  };
  const server = new SMTPServer({
    disabledCommands: untrusted ? ['AUTH'] : ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => void take(mailbox, Buffer.concat(chunks), session.envelope).then(answer));
      const answer = (given: Answer): void => {
        if (given === 'accept') return done();
        if (given === 'drop') return void drop(server, session.id);
        if ('pauseMs' in given) return void setTimeout(done, given.pauseMs);
        done(Object.assign(new Error(given.text), { responseCode: given.code }));
      };
    },
  });
  // A dropped connection is what the test asked for.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mailbox.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  mailbox.close = () => new Promise((resolve) => server.close(() => resolve()));
  return mailbox;
}

async function take(
  mailbox: Mailbox,
  content: Buffer,
  { mailFrom, rcptTo }: SMTPServerEnvelope,
): Promise<Answer> {
  const mail = await simpleParser(content);
  const to = rcptTo[0]!.address;
  const from = mailFrom ? mailFrom.address : '';
  const received = { from, to, messageId: mail.messageId ?? '', raw: content.toString(), mail };
  mailbox.received.push(received);
  await mailbox.onReceived(received);
  return mailbox.answers.shift() ?? 'accept';
}

function drop(server: SMTPServer, id: string): void {
  for (const connection of (
    server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> }
  ).connections) {
    if (connection.id === id) connection._socket.destroy();
  }
}
