import { createServer } from 'node:http';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseFeed } from 'feedsmith';
import { readFeed } from '../../dist/libs/feeds/src/index.js';
import { compare, withSuite } from './support.mjs';

const SECONDS = 3;
const FEEDS = 20;
const ENTRIES = 100;
const folder = fileURLToPath(new URL('../../../shared/data/feeds', import.meta.url));

/** Entries a second: reading beside the parser library alone on real feeds, then from HTTP to posts and outbox beside the same. */
export async function bench() {
  const real = existsSync(folder)
    ? readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`))
    : [Buffer.from(madeUp(0, 0))];
  process.stdout.write(`  reading ${real.length} ${existsSync(folder) ? 'real feeds' : 'made-up feed'}\n`);
  await compare(
    'entries',
    () => reading(real, (bytes) => entriesOf(parseFeed(bytes.toString()).feed)),
    () => reading(real, (bytes) => readFeed(bytes).items.length),
  );
  process.stdout.write(
    `  importing ${FEEDS} feeds of ${ENTRIES} entries: asked, read, compared, stored, told\n`,
  );
  await withFeeds((serve) =>
    withSuite(
      async (client) => {
        let round = 0;
        await compare(
          'entries',
          () => reading([Buffer.from(madeUp(0, 0))], (bytes) => entriesOf(parseFeed(bytes.toString()).feed)),
          () => importing(client, serve, ++round),
        );
      },
      { CONTENT_ALLOW_HOSTS: serve.host, CONTENT_UNFURL: 'false' },
    ),
  );
}

const entriesOf = ({ items, entries }) => (items ?? entries ?? []).length;

function reading(feeds, count) {
  const begin = performance.now();
  let entries = 0;
  while (performance.now() - begin < SECONDS * 1000) for (const bytes of feeds) entries += count(bytes);
  return { perSecond: (entries * 1000) / (performance.now() - begin) };
}

async function importing(client, { host, rounds }, round) {
  rounds.now = round;
  const ids = [];
  for (let n = 0; n < FEEDS; n++) {
    const url = `http://${host}/${round}/${n}`;
    const source = { name: `Feed ${n}`, url, category: 'third-party' };
    ids.push((await client.content.post('/content/sources', source)).id);
  }
  const begin = performance.now();
  let added = 0;
  await Promise.all(
    ids.map(async (id) => {
      const answer = await client.content.post(`/content/sources/${id}/import`, {});
      added += answer.added;
    }),
  );
  if (added !== FEEDS * ENTRIES) throw new Error(`${added} of ${FEEDS * ENTRIES} entries became posts`);
  return { perSecond: (added * 1000) / (performance.now() - begin) };
}

async function withFeeds(work) {
  const rounds = { now: 0 };
  const server = createServer((request, response) => {
    const [, round, feed] = request.url.split('/');
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(madeUp(round, feed));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work({ host: `127.0.0.1:${server.address().port}`, rounds });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Words are hashed out of the numbers, so that no two stories look alike. */
function madeUp(round, feed) {
  const word = (n) => ((Math.imul(n + 1, 2_654_435_761) >>> 0) ^ (n << 7)).toString(36);
  const item = (_, n) => {
    const seed = (Number(round) * 1_000 + Number(feed)) * 1_000 + n;
    const title = [1, 2, 3, 4, 5, 6].map((k) => word(seed * 7 + k)).join(' ');
    return `<item><title>${title}</title><link>https://news.example/${round}/${feed}/${n}</link><guid>${round}-${feed}-${n}</guid><pubDate>Tue, 03 Feb 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;${'Some words about it. '.repeat(15)}&lt;/p&gt;</description></item>`;
  };
  return `<rss version="2.0"><channel><title>Feed ${feed}</title><link>https://news.example/</link>${Array.from({ length: ENTRIES }, item).join('')}</channel></rss>`;
}
