import { once } from 'node:events';
import type { Command } from 'commander';
import { readFeed } from '#libs/feeds';
import { bytesOf } from '../feed/bytes.js';

interface ReadOptions {
  allowHost: string[];
}

/** Prints one line of JSON per source, in their order; what cannot be read says why in its line, and the next one is read. */
async function read(sources: readonly string[], { allowHost }: ReadOptions): Promise<void> {
  for (const source of sources) {
    const line = `${JSON.stringify({ source, ...(await readOne(source, allowHost)) })}\n`;
    if (!process.stdout.write(line)) await once(process.stdout, 'drain');
  }
}

async function readOne(source: string, allowHosts: readonly string[]): Promise<object> {
  try {
    const { bytes, url, charset } = await bytesOf(source, allowHosts);
    const reading = readFeed(bytes, { url, charset });
    return reading.ok ? { title: reading.title, items: reading.items } : { error: reading.error };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** `laurel feed read`: what Laurel makes of feeds, without a server. */
export function registerFeed(program: Command): void {
  program
    .command('feed')
    .description('questions about feeds, answered without a server')
    .command('read')
    .description('read feeds, and print a line of JSON for each')
    .argument('<source...>', 'files or addresses of feeds')
    .option('--allow-host <host:port...>', 'ask these although they are not public', [])
    .action(read);
}
