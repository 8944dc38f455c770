import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import { startTestNats } from '../../../../test/support/nats.js';
import { startNeighbour, startTestService } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';
import { AppModule } from '../app.module.js';
import { database as parts } from '../database.js';
import { envSchema } from '../env.js';

type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** The content service beside a web server whose pages the test writes. */
export interface FeedStage {
  service: TestService;
  neighbour: Neighbour;
  /** `127.0.0.1:port` of the web server; another name of it is not allowed to be asked. */
  host: string;
  /** Serves a page from now on; a text is a feed. */
  serve(path: string, answer: string | Answerer): string;
  /** Adds a source at a path (or a whole address); returns its id. */
  add(url: string, more?: object): Promise<string>;
  /** Looks at a source now; returns what the import says. */
  importNow(id: string): Promise<ImportAnswer>;
  told(type: string): Promise<Record<string, unknown>[]>;
}

/** What an import says, as far as tests look at it. */
export interface ImportAnswer {
  found: number;
  added: number;
  source: Record<string, string | number | null>;
}

/** Sets the stage before the first test of a file and clears it after the last. */
export function useFeedStage(begin: (stage: FeedStage) => void, env: Record<string, string> = {}): void {
  const pages = new Map<string, Answerer>();
  const web = createServer((request, response) => {
    const page = pages.get(request.url ?? '');
    if (page) page(request, response);
    else response.writeHead(404).end();
  });
  let clear: () => Promise<void>;
  beforeAll(async () => {
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
    const nats = await startTestNats();
    const neighbour = await startNeighbour(nats.url);
    const service = await startTestService({
      name: 'content',
      parts,
      envSchema,
      natsUrl: nats.url,
      module: (checked) => AppModule.forEnv(checked as never),
      env: { CONTENT_ALLOW_HOSTS: host, CONTENT_UNFURL: 'false', ...env },
    });
    clear = async () => {
      await service.stop();
      await neighbour.stop();
      await nats.stop();
      web.closeAllConnections();
      web.close();
    };
    begin({ service, neighbour, host, serve: serveOn(pages, host), ...toolsOf(service, host) });
  });
  afterAll(() => clear());
}

const serveOn =
  (pages: Map<string, Answerer>, host: string): FeedStage['serve'] =>
  (path, answer) => {
    const feed: Answerer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/xml' }).end(answer as string);
    pages.set(path, typeof answer === 'string' ? feed : answer);
    return `http://${host}${path}`;
  };

function toolsOf(service: TestService, host: string): Pick<FeedStage, 'add' | 'importNow' | 'told'> {
  return {
    add: async (url, more = {}) => {
      const whole = url.startsWith('/') ? `http://${host}${url}` : url;
      const source = { name: url, url: whole, category: 'company', ...more };
      return (await service.call('POST', '/content/sources', source)).body.id as string;
    },
    importNow: async (id) =>
      (await service.call('POST', `/content/sources/${id}/import`)).body as ImportAnswer,
    // The helper's rows are what the outbox tells, oldest first.
    told: async (type) =>
      (
        await service.query<{ envelope: string }>(
          `SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`,
          [`laurel.evt.${type}`],
        )
      ).map(({ envelope }) => JSON.parse(envelope).data as Record<string, unknown>),
  };
}

/** A small RSS feed with these articles, and perhaps more about itself. */
export const rss = (items: readonly string[], channel = ''): string =>
  `<rss version="2.0"><channel><title>News</title>${channel}${items.map((item) => `<item>${item}</item>`).join('')}</channel></rss>`;

/** An article with a title at an address of feed.test. */
export const article = (title: string, path: string, more = ''): string =>
  `<title>${title}</title><link>https://feed.test/${path}</link>${more}`;
