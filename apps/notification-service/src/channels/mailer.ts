import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';
import { judge } from '#libs/bounces';
import { ENV } from '#libs/platform';
import { deliveryIdsIn } from '../bounces/letters-back.js';
import { ReturnPaths } from '../bounces/return-paths.js';
import type { Env } from '../env.js';
import type { Channel, Gone, Handed } from './channel.js';
import { readDkim } from './dkim.js';
import type { Mail } from './mail.js';

/** RFC 5321, 4.5.3.2.6: who waits less for the answer after the final dot sends mails twice. */
const PATIENCE_MS = 600_000;

/** The stream of one message; `readableDidRead` says whether any of it went over the wire. */
interface Progress {
  stream?: NodeJS.ReadableStream & { readableDidRead?: boolean };
}

/** Sends mails through pooled SMTP connections. */
@Injectable()
export class Mailer implements Channel<Mail>, OnApplicationShutdown {
  private readonly transport: Transporter;

  constructor(
    @Inject(ENV) env: Env,
    private readonly returnPaths: ReturnPaths,
  ) {
    const dkim = readDkim(env);
    this.transport = createTransport({
      url: env.SMTP_URL,
      pool: true,
      maxConnections: env.SMTP_CONNECTIONS,
      maxMessages: Infinity,
      connectionTimeout: 1e4,
      greetingTimeout: 1e4,
      socketTimeout: PATIENCE_MS,
      dnsTimeout: 1e4,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(dkim ? { dkim } : {}),
    });
    this.transport.use('stream', watchProgress);
  }

  /** Later than the senders end: they wait for the last answers. */
  onApplicationShutdown(): void {
    this.transport.close();
  }

  /** Where the mail comes back to: the delivery is told by it. The Message-ID begins with the delivery. */
  private envelopeOf({ messageId, from: sender, to }: Mail): object {
    const [delivery] = deliveryIdsIn([messageId.slice(1)]);
    const from = delivery === undefined ? null : this.returnPaths.addressOf(delivery, to.address);
    return { envelope: { from: from ?? sender.address, to: to.address } };
  }

  laneOf({ to: { address } }: Mail): string {
    return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  }

  /** Never throws: what happened is the outcome. Reasons hold no address. */
  async send(mail: Mail): Promise<Handed> {
    const progress: Progress = {};
    try {
      await this.transport.sendMail({
        ...('raw' in mail ? { raw: bufferOf(mail.raw) } : mail),
        ...this.envelopeOf(mail),
        laurelProgress: progress,
      } as object);
      return { kind: 'sent' };
    } catch (error) {
      const outcome = outcomeOf(error as SmtpError, progress.stream?.readableDidRead === true);
      const gone = outcome.kind === 'failed' ? goneIn(error as SmtpError, mail.to.address) : null;
      return gone ? { ...outcome, ...gone } : outcome;
    }
  }
}

/** Bytes lose their class on the way between threads. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

interface MessageWithStream {
  data: { laurelProgress?: Progress };
  message: { createReadStream: (options?: object) => NonNullable<Progress['stream']> };
}

/** Keeps hold of the stream that nodemailer sends, to know afterwards how far it came. */
function watchProgress(mail: unknown, done: (error?: Error | null) => void): void {
  const { data, message } = mail as MessageWithStream;
  const create = message.createReadStream.bind(message);
  message.createReadStream = (options) => {
    const stream = create(options);
    if (data.laurelProgress) data.laurelProgress.stream = stream;
    return stream;
  };
  done();
}

export interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
}

/** Judges a failed attempt; `contentWent` says that at least a part of the message had left. */
export function outcomeOf(error: SmtpError, contentWent: boolean): Handed {
  const reason = reasonOf(error);
  // 5xx about this mail is final. 5xx about us (EAUTH: wrong password) is a setting to mend, and the mail waits for it.
  const aboutTheMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  if (aboutTheMail && (error.responseCode ?? 0) >= 500) return { kind: 'failed', reason };
  if (aboutTheMail && error.responseCode === undefined) return { kind: 'failed', reason };
  if (contentWent && error.responseCode === undefined) return { kind: 'unknown', reason };
  return { kind: 'later', reason };
}

/** Whether the server has said that there is no such mailbox, judged as in a mail that comes back. */
function goneIn({ code, response = '' }: SmtpError, address: string): { gone: Gone } | null {
  // What is said of the whole mail may still name the mailbox; what else it says is of the mail.
  const stage = code === 'EMESSAGE' ? 'in reply to end of DATA: ' : '';
  const { kind, status, reason } = judge({ status: null, diagnostic: `${stage}${response}`, notice: '' });
  return kind === 'hard' ? { gone: { address, status, reason: shown(reason) } } : null;
}

/** What the server said, with addresses blotted out: reasons are shown, logged and told in events. */
function reasonOf({ code, message, response }: SmtpError): string {
  return shown(`${code ?? 'error'}: ${response ?? message}`).slice(0, 300);
}

/** Without control characters: a NUL cannot be stored. */
const shown = (text: string): string =>
  text.replaceAll(/[^\s<>"',;:]+@[^\s<>"',;:]+/g, '(address)').replaceAll(/[\s\p{Cc}]+/gu, ' ');
