import type { Contact } from '#libs/contracts';
import { newId } from '#libs/platform';
import type { TestDatabase } from '../../../../test/support/database.js';
import { startTestNats } from '../../../../test/support/nats.js';
import { startNeighbour, startTestService } from '../../../../test/support/service.js';
import type { Answer, Neighbour, TestService } from '../../../../test/support/service.js';
import { AppModule } from '../app.module.js';
import { database as parts } from '../database.js';
import { envSchema } from '../env.js';

/** What `programme.yaml` needs beside the part a test is about. */
const PROGRAMME = `name: Voices
company: Northwind
sender: { name: Voices, email: voices@northwind.example }
brand: { colour: '#1f6f5c', accent: '#e0a43a', background: '#f4f1ea' }
locales: [en, it, pl, ms]
zone: Europe/Rome
working_days: [MON, TUE, WED, THU, FRI]
locations: {}
earned_media_value: { currency: EUR, rates: { default: { cpc: 1, cpm: 8 } } }
`;

const startService = (natsUrl: string, database?: TestDatabase): Promise<TestService> =>
  startTestService({
    name: 'content',
    parts,
    envSchema,
    natsUrl,
    module: (env) => AppModule.forEnv(env as never),
    ...(database ? { database } : {}),
  });

/** The content service on virtual time (from 2026-03-02T08:00:00Z), with a directory of its own beside it. */
export class Library {
  private constructor(
    readonly service: TestService,
    readonly neighbour: Neighbour,
    private readonly people: Map<string, Contact>,
    private readonly files: { yaml: string; version: number },
    private readonly nats: { url: string; stop(): Promise<void> },
  ) {}

  private articles = 0;

  static async start(): Promise<Library> {
    const nats = await startTestNats();
    const people = new Map<string, Contact>();
    const files = { yaml: '', version: 0 };
    const neighbour = await startNeighbour(nats.url, {
      'people.contacts': ({ personIds }) => ({ contacts: personIds.flatMap((id) => people.get(id) ?? []) }),
      'programme.files': () => ({ text: JSON.stringify({ 'programme.yaml': files.yaml }), more: false }),
    });
    return new Library(await startService(nats.url), neighbour, people, files, nats);
  }

  /** Another replica on the same database and broker. */
  replica(): Promise<TestService> {
    return startService(this.nats.url, this.service.database);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.neighbour.stop();
    await this.nats.stop();
  }

  /** Puts a programme in force whose `content` is this YAML. */
  async programme(content: string): Promise<void> {
    this.files.yaml = `${PROGRAMME}content: ${content}\n`;
    this.files.version++;
    await this.neighbour.tell('programme.applied', { version: this.files.version });
    await this.service.quiet();
  }

  /** Somebody the directory knows; the service hears of them. */
  async person(more: Partial<Contact> = {}): Promise<string> {
    const personId = newId();
    this.people.set(personId, {
      personId,
      name: 'Ada Lovelace',
      email: 'ada@content.test',
      locale: 'en',
      zone: 'Europe/Rome',
      team: null,
      department: null,
      location: null,
      seniority: 'employee',
      active: true,
      consentsRanking: true,
      consentsMail: true,
      ...more,
    });
    await this.change(personId, more);
    return personId;
  }

  /** The directory says something else of somebody (or, null, forgets them), and the service hears of it. */
  async change(personId: string, more: Partial<Contact> | null): Promise<void> {
    if (more === null) this.people.delete(personId);
    else this.people.set(personId, { ...this.people.get(personId)!, ...more });
    await this.neighbour.tell('person.changed', { personId, change: more === null ? 'erased' : 'updated' });
    await this.service.quiet();
  }

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.service.call(method, `/content${path}`, body);
  }

  /** A post of an article of its own, published unless it says otherwise. */
  post(more: object = {}): Promise<Answer> {
    const url = `https://library.test/${++this.articles}`;
    return this.call('POST', '/posts', { title: 'News', url, category: 'company', ...more });
  }

  /** As `post`, for who only needs the id. */
  async postId(more: object = {}): Promise<string> {
    const { status, body } = await this.post(more);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.id;
  }

  /** Does something to a post that may be refused: `publish`, `submit`, `schedule` … */
  act(id: string, action: string, body?: object): Promise<Answer> {
    return this.call('POST', `/posts/${id}/${action}`, body);
  }

  share(postId: string, personId: string, more: object = {}): Promise<Answer> {
    return this.call('POST', '/shares', { postId, personId, network: 'linkedin', ...more });
  }

  /** What was told of a type, oldest first. */
  async told(type: string): Promise<Record<string, unknown>[]> {
    const rows = await this.service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`,
      [`laurel.evt.${type}`],
    );
    return rows.map(({ envelope }) => JSON.parse(envelope).data);
  }
}
