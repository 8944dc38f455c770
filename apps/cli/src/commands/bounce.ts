import { once } from 'node:events';
import type { Command } from 'commander';
import { readBounce } from '#libs/bounces';
import { readBeginning } from '../feed/bytes.js';

/** Prints one line of JSON per file, in their order; what cannot be read says why in its line, and the next one is read. */
async function read(sources: readonly string[]): Promise<void> {
  for (const source of sources) {
    const line = `${JSON.stringify({ source, ...(await readOne(source)) })}\n`;
    if (!process.stdout.write(line)) await once(process.stdout, 'drain');
  }
}

async function readOne(source: string): Promise<object> {
  try {
    const { bytes } = await readBeginning(source);
    const { kind, recipient, status, reason, recipients } = readBounce(bytes);
    return { kind, recipient, status, reason, ...(recipients.length > 1 ? { recipients } : {}) };
  } catch (error) {
    return { kind: 'other', recipient: null, status: null, reason: (error as Error).message };
  }
}

/** `laurel bounce read`: what Laurel makes of mails that came back, without a server. */
export function registerBounce(program: Command): void {
  program
    .command('bounce')
    .description('questions about mails that came back, answered without a server')
    .command('read')
    .description('read mail files, and print a line of JSON for each')
    .argument('<file...>', 'mails as they came over the wire')
    .action(read);
}
