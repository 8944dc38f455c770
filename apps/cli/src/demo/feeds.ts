import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '../embedded/project.js';

/** A feed the demo lets the content service import. */
export interface DemoFeed {
  readonly name: string;
  readonly path: string;
  readonly category: 'company' | 'third-party' | 'employee';
  readonly language: string;
}

/** Feeds as their sites published them, where they lie beside the clone. */
const real: readonly (DemoFeed & { file: string })[] = [
  { name: 'The Guardian', path: '/guardian', file: 'guardian.rss', category: 'third-party', language: 'en' },
  {
    name: 'Google Ads Developer Blog',
    path: '/feedburner',
    file: 'feedburner.atom',
    category: 'third-party',
    language: 'en',
  },
  {
    name: 'Food in Invironment',
    path: '/medium',
    file: 'content-encoded.rss',
    category: 'third-party',
    language: 'en',
  },
  { name: 'heise developer', path: '/heise', file: 'heise.atom', category: 'third-party', language: 'de' },
];
const own: DemoFeed = { name: 'Northwind blog', path: '/northwind', category: 'company', language: 'en' };
const folder = join(projectRoot(), '../shared/data/feeds');

const headlines = [
  'How our Rome team halved the time to a first answer',
  'What we learned from a year of open planning',
  'Meet the people who keep our lights on at night',
  'A field guide to writing a good incident report',
  'Why we publish our salary bands',
  'Three experiments that failed, and what they taught us',
  'Our Warsaw office is now powered by the wind',
  'Interns who shipped: four stories from the summer',
  'How we test with real parts',
  'The customer call that changed our roadmap',
  'A day with the Kuala Lumpur support crew',
  'What mentoring looks like at Northwind',
  'Small steps to a calmer on-call week',
  'Our accessibility report, with the bad parts left in',
  'Choosing boring technology, ten years on',
  'How a suggestion box became a product',
  'Hiring without puzzles',
  'The week our designers answered support mail',
  'Numbers we watch, and numbers we stopped watching',
  'Thank you: a letter to two hundred volunteers',
];

/** The demo's own web server for feeds; its blog grows by an article every three days of the demo's time. */
export interface FeedServer {
  readonly host: string;
  readonly feeds: readonly (DemoFeed & { url: string })[];
  /** Whether the real feeds were found. */
  readonly real: boolean;
  stop(): Promise<void>;
}

/** Serves the feeds on loopback; `now` is the demo's time. */
export async function serveFeeds(begin: Date, now: () => Date): Promise<FeedServer> {
  const present = real.filter(({ file }) => existsSync(join(folder, file)));
  const server = createServer((request, response) => {
    const feed = present.find(({ path }) => path === request.url);
    const known = feed ?? (request.url === own.path ? own : undefined);
    if (!known) return void response.writeHead(404).end();
    response.setHeader('content-type', 'application/xml');
    response.end(feed ? readFileSync(join(folder, feed.file)) : blog(begin, now()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const feeds = [own, ...present].map((feed) => ({ ...feed, url: `http://${host}${feed.path}` }));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { host, feeds, real: present.length > 0, stop };
}

const THREE_DAYS = 3 * 86_400_000;

function blog(begin: Date, now: Date): string {
  const published = Math.min(
    headlines.length,
    1 + Math.floor((now.getTime() - begin.getTime()) / THREE_DAYS),
  );
  const items = headlines.slice(0, published).map((title, index) => {
    const date = new Date(begin.getTime() + index * THREE_DAYS).toUTCString();
    const link = `https://blog.northwind.example/${index + 1}`;
    return `<item><title>${title}</title><link>${link}</link><pubDate>${date}</pubDate><description>${title}.</description></item>`;
  });
  return `<rss version="2.0"><channel><title>Northwind blog</title><link>https://blog.northwind.example/</link>${items.join('')}</channel></rss>`;
}
