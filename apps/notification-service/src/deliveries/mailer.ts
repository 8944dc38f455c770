import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';
import { ENV } from '#libs/platform';
import type { Env } from '../env.js';
import type { Outcome } from './delivery.js';
import type { Mail } from './mail.js';

const CONNECTIONS = 5;

/** The stream of one message; `readableDidRead` says whether any of it went over the wire. */
interface Progress {
  stream?: NodeJS.ReadableStream & { readableDidRead?: boolean };
}

/** Sends mails through pooled SMTP connections. */
@Injectable()
export class Mailer implements OnModuleDestroy {
  private readonly transport: Transporter;

  constructor(@Inject(ENV) env: Env) {
    this.transport = createTransport({
      url: env.SMTP_URL,
      pool: true,
      maxConnections: CONNECTIONS,
      maxMessages: Infinity,
      connectionTimeout: 1e4,
      greetingTimeout: 1e4,
      socketTimeout: 3e4,
      dnsTimeout: 1e4,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.transport.use('stream', watchProgress);
  }

  onModuleDestroy(): void {
    this.transport.close();
  }

  /** Never throws: what happened is the outcome. Reasons hold no address. */
  async send(mail: Mail): Promise<Outcome> {
    const progress: Progress = {};
    try {
      await this.transport.sendMail({ ...mail, laurelProgress: progress } as object);
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOf(error as SmtpError, progress.stream?.readableDidRead === true);
    }
  }
}

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
export function outcomeOf(error: SmtpError, contentWent: boolean): Outcome {
  const reason = reasonOf(error);
  // 5xx about this mail is final. 5xx about us (EAUTH: wrong password) is a setting to mend, and the mail waits for it.
  const aboutTheMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  if (aboutTheMail && (error.responseCode ?? 0) >= 500) return { kind: 'failed', reason };
  if (aboutTheMail && error.responseCode === undefined) return { kind: 'failed', reason };
  if (contentWent && error.responseCode === undefined) return { kind: 'unknown', reason };
  return { kind: 'later', reason };
}

/** What the server said, with addresses blotted out: reasons are shown, logged and told in events. */
function reasonOf({ code, message, response }: SmtpError): string {
  const text = `${code ?? 'error'}: ${response ?? message}`.replaceAll(
    /[^\s<>"',;:]+@[^\s<>"',;:]+/g,
    '(address)',
  );
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
