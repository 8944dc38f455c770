import { InvalidArgumentError, type Command } from 'commander';
import { readEnv } from '../env.js';
import { startCatcher } from '../mail/catcher.js';
import { interruption, untilAborted } from '../suite/interrupt.js';

interface MailFlags {
  readonly host: string;
  readonly smtpPort: number;
  readonly port: number;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

async function mail({ host, smtpPort, port }: MailFlags): Promise<void> {
  const signal = interruption(readEnv());
  const catcher = await startCatcher({ host, smtpPort, webPort: port });
  process.stdout.write(`Mails to ${catcher.smtpUrl} can be read at ${catcher.url}\n`);
  await untilAborted(signal);
  await catcher.stop();
}

/** `laurel mail`: the mail catcher alone, as docker compose runs it. */
export function registerMail(program: Command): void {
  program
    .command('mail')
    .description('catch mails and show them on a page; deliver none')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--smtp-port <port>', 'where mails are taken', toPort, 1025)
    .option('--port <port>', 'where the page is', toPort, 4040)
    .action(mail);
}
