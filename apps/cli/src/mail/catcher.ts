import { listenForMail } from './smtp.js';
import { MailStore, type CaughtMail, type MailSearch } from './store.js';
import { listenForReaders } from './web.js';

/** Where to listen; port 0 takes a free one. */
export interface CatcherOptions {
  readonly host?: string;
  readonly smtpPort?: number;
  readonly webPort?: number;
}

/** A caught mail with its parts. */
export interface ReadMail extends CaughtMail {
  readonly text: string;
  readonly html: string;
}

/** An SMTP server that keeps every mail and delivers none, with a page to read them. */
export interface Catcher {
  readonly smtpUrl: string;
  /** The page to read the mails. */
  readonly url: string;
  /** All mails, newest first. */
  messages(): CaughtMail[];
  /** The mails that fit, newest first. */
  search(search: MailSearch): CaughtMail[];
  /** One mail with its text and HTML. */
  read(id: number): Promise<ReadMail | undefined>;
  clear(): void;
  stop(): Promise<void>;
}

async function read(store: MailStore, id: number): Promise<ReadMail | undefined> {
  const mail = await store.read(id);
  return mail && { ...mail.summary, text: mail.parsed.text ?? '', html: mail.parsed.html || '' };
}

/** Starts the catcher in this process. */
export async function startCatcher({
  host = '127.0.0.1',
  smtpPort = 0,
  webPort = 0,
}: CatcherOptions = {}): Promise<Catcher> {
  const store = new MailStore();
  const smtp = await listenForMail(store, host, smtpPort);
  const web = await listenForReaders(store, host, webPort);
  const name = host === '0.0.0.0' ? 'localhost' : host;
  return {
    smtpUrl: `smtp://${name}:${smtp.port}`,
    url: `http://${name}:${web.port}`,
    messages: () => store.list(),
    search: (search) => store.search(search),
    read: (id) => read(store, id),
    clear: () => store.clear(),
    stop: async () => {
      await Promise.all([smtp.close(), web.close()]);
    },
  };
}
