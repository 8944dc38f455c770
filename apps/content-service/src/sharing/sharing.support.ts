import { afterAll, beforeAll } from '@jest/globals';
import type { Contact } from '#libs/contracts';
import { newId } from '#libs/platform';
import { startTestNats } from '../../../../test/support/nats.js';
import { startNeighbour, startTestService } from '../../../../test/support/service.js';
import type { Answer, Neighbour, TestService } from '../../../../test/support/service.js';
import { AppModule } from '../app.module.js';
import { database as parts } from '../database.js';
import { envSchema } from '../env.js';

/** A content service of a test file's own, with colleagues the neighbour knows. */
export interface Sharing {
  readonly service: TestService;
  readonly neighbour: Neighbour;
  /** Somebody who takes part, or has left. */
  readonly person: (more?: Partial<Contact>) => string;
  /** They leave, and the service hears of it. */
  readonly leave: (personId: string) => Promise<void>;
  /** They are erased, and the service hears of it. */
  readonly erase: (personId: string) => Promise<void>;
  readonly publish: (more?: object) => Promise<string>;
  readonly share: (
    postId: string,
    personId: string,
    more?: object,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  /** A new person's share of a new post. */
  readonly shared: (
    more?: object,
  ) => Promise<{ id: string; link: string; path: string; personId: string; postId: string }>;
  /** What the outbox tells of a type, oldest first. */
  readonly told: (type: string) => Promise<Record<string, unknown>[]>;
  /** Follows a link, and waits until the click is stored. */
  readonly visit: (
    path: string,
    how?: { agent?: string; headers?: Record<string, string>; method?: string },
  ) => Promise<Answer>;
}

/** A browser as people have it. */
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';

/** Starts the service before the tests of a file and stops it after them. */
export function withSharing(env: Record<string, string> = {}): Sharing {
  const people = new Map<string, Contact>();
  const running = {} as { service: TestService; neighbour: Neighbour };
  let nats: Awaited<ReturnType<typeof startTestNats>>;
  beforeAll(async () => {
    nats = await startTestNats();
    running.neighbour = await startNeighbour(nats.url, {
      'people.contacts': ({ personIds }) => ({
        contacts: personIds.flatMap((id) => people.get(id.toLowerCase()) ?? []),
      }),
    });
    running.service = await startTestService({
      name: 'content',
      parts,
      envSchema,
      natsUrl: nats.url,
      env,
      module: (read) => AppModule.forEnv(read as never),
    });
  });
  afterAll(async () => {
    await running.service.stop();
    if (!running.neighbour.connection.isClosed()) await running.neighbour.stop();
    await nats.stop();
  });
  return Object.defineProperties(toolsOf(running, people), {
    service: { get: () => running.service },
    neighbour: { get: () => running.neighbour },
  }) as Sharing;
}

function toolsOf(
  running: { service: TestService; neighbour: Neighbour },
  people: Map<string, Contact>,
): Omit<Sharing, 'service' | 'neighbour'> {
  let articles = 0;
  const person: Sharing['person'] = (more = {}) => {
    const personId = newId();
    people.set(personId, { ...somebody, ...more, personId });
    return personId;
  };
  const leave: Sharing['leave'] = async (personId) => {
    people.set(personId, { ...people.get(personId)!, active: false });
    await running.neighbour.tell('person.changed', { personId, change: 'left' });
    await running.service.quiet();
  };
  const erase: Sharing['erase'] = async (personId) => {
    people.delete(personId);
    await running.neighbour.tell('person.changed', { personId, change: 'erased' });
    await running.service.quiet();
  };
  const publish: Sharing['publish'] = async (more = {}) => {
    const post = { title: 'News', url: `https://news.test/${++articles}`, category: 'company', ...more };
    return (await running.service.call('POST', '/content/posts', post)).body.id;
  };
  const share: Sharing['share'] = (postId, personId, more = {}, headers = {}) =>
    running.service.call(
      'POST',
      '/content/shares',
      { postId, personId, network: 'linkedin', ...more },
      { headers },
    );
  const shared: Sharing['shared'] = async (more = {}) => {
    const { body } = await share(await publish(), person(), more);
    return { ...body, path: new URL(body.link).pathname };
  };
  const told: Sharing['told'] = async (type) => {
    const sql = `SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`;
    const rows = await running.service.query<{ envelope: string }>(sql, [`laurel.evt.${type}`]);
    return rows.map(({ envelope }) => JSON.parse(envelope).data);
  };
  const visit: Sharing['visit'] = async (path, { agent = firefox, headers = {}, method = 'GET' } = {}) => {
    const more = { key: null, headers: { 'user-agent': agent, ...headers } };
    const answer = await running.service.call(method, path, undefined, more);
    await running.service.quiet();
    return answer;
  };
  return { person, leave, erase, publish, share, shared, told, visit };
}

const somebody: Omit<Contact, 'personId'> = {
  name: 'Ada Lovelace',
  email: 'ada@content.test',
  locale: 'en',
  zone: 'Europe/Rome',
  active: true,
  team: null,
  department: null,
  location: null,
  seniority: 'employee',
  consentsRanking: true,
  consentsMail: true,
};
