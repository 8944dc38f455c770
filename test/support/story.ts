import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOf, type SuiteClient } from '../../apps/cli/src/client/suite-client.js';
import type { CaughtMail } from '../../apps/cli/src/mail/store.js';
import { startSuite } from '../../apps/cli/src/suite/suite.js';
import type { Suite, SuiteOptions } from '../../apps/cli/src/suite/suite.types.js';
import { testRun } from './run.js';

/** Three real services on virtual time, with a database each, a broker and a mail catcher of the story's own. */
export interface Story extends SuiteClient {
  readonly suite: Suite;
  /** Moves the clock of all services to an instant, by way of everything that falls due before it. */
  until(instant: string): Promise<void>;
  /** Waits until nothing is left to do at this moment. */
  settle(): Promise<void>;
  /** Mails to an address, oldest first. */
  mailsTo(email: string): CaughtMail[];
  /** Plain text of the newest mail of a template to an address. */
  textOf(email: string, template: string): Promise<string>;
  end(): Promise<void>;
}

/** Begins a story at an instant of virtual time. */
export async function beginStory(
  name: string,
  start: string,
  options: Partial<SuiteOptions> = {},
): Promise<Story> {
  const stateDir = await mkdtemp(join(tmpdir(), `laurel-story-${name}-`));
  const { id, databaseUrl, natsBinary, templateCache } = testRun();
  const suite = await startSuite({
    stateDir,
    natsBinary,
    postgresUrl: databaseUrl,
    // Two stories of one name may be told at once.
    databasePrefix: `${id}_${name}_${randomBytes(3).toString('hex')}`,
    dropDatabases: true,
    ports: 'free',
    clock: { start },
    logLevel: 'warn',
    ...options,
    env: { TEMPLATE_CACHE_DIR: templateCache, ...options.env },
  });
  const client = await clientOf(suite);
  const mailsTo = (email: string): CaughtMail[] => suite.mail!.search({ to: email }).reverse();
  return {
    ...client,
    suite,
    mailsTo,
    until: (instant) =>
      client.clock
        .advanceTo(new Date(instant))
        .then(() => client.clock.quiet())
        .then(() => undefined),
    settle: () => client.clock.quiet().then(() => undefined),
    textOf: async (email, template) => {
      const newest = mailsTo(email).findLast((mail) => mail.template === template);
      return newest ? ((await suite.mail!.read(newest.id))?.text ?? '') : '';
    },
    end: async () => {
      await client.close();
      await suite.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Adds colleagues and returns their ids by the part of the address before the @. */
export async function addPeople(story: SuiteClient, csv: readonly string[]): Promise<Record<string, string>> {
  const header = 'email,name,locale,zone,team,location,seniority,lead';
  await story.engagement.send('/engagement/people/import', 'text/csv', [header, ...csv].join('\n'));
  const people = await story.engagement.get<{ id: string; email: string }[]>('/engagement/people?limit=1000');
  return Object.fromEntries(people.map(({ id, email }) => [email.split('@')[0]!, id]));
}

/** Opens the link of the newest mail of a template and presses its button. */
export async function acceptFrom(story: Story, email: string, template: string): Promise<void> {
  const url = /https?:\/\/\S+\/i\/[\w.-]+/.exec(await story.textOf(email, template))?.[0];
  if (!url) throw new Error(`no ${template} with a link has reached ${email}`);
  const { status } = await story.engagement.raw('POST', new URL(url).pathname);
  if (status !== 200) throw new Error(`accepting was answered with ${status}`);
}

/** Shares a post and returns the share with its tracked link's path. */
export async function shareOf(
  story: SuiteClient,
  personId: string,
  postId: string,
): Promise<{ id: string; path: string }> {
  const body = { postId, personId, network: 'linkedin' };
  const { id, link } = await story.content.post<{ id: string; link: string }>('/content/shares', body);
  return { id, path: new URL(link).pathname };
}

/** So many different people follow a link. */
export async function follow(story: SuiteClient, path: string, visitors: number, first = 0): Promise<void> {
  const browser =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';
  const visit = (visitor: number): Promise<unknown> => {
    const address = `198.18.${(visitor >> 8) & 255}.${visitor & 255}`;
    return story.content.raw('GET', path, { headers: { 'user-agent': browser, 'x-forwarded-for': address } });
  };
  await Promise.all(Array.from({ length: visitors }, (_, index) => visit(first + index)));
}

/** A post to share. */
export async function publishPost(story: SuiteClient, number = 1): Promise<string> {
  const post = { title: `Article ${number}`, url: `https://blog.example/${number}`, category: 'company' };
  return (await story.content.post<{ id: string }>('/content/posts', post)).id;
}
