import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addPeople, beginStory, follow, publishPost, shareOf, type Story } from '../support/story.js';

let story: Story;
let ids: Record<string, string>;
const services = ['content', 'engagement', 'notification'] as const;

beforeAll(async () => {
  story = await beginStory('surface', '2026-04-06T08:00:00Z', {
    env: { TRUST_PROXY: '127.0.0.1' },
    // Its lines are read.
    logLevel: 'debug',
  });
  ids = await addPeople(story, ['ada@x.example,Ada Example,en,Europe/Rome,Sales,Rome,employee,']);
});
afterAll(() => story?.end());

/** What answers without a key, and says why in its source. */
const open = new RegExp(
  [
    String.raw`^/health`,
    String.raw`/notification/(unsubscribe|pause|preferences|letters|answers)/`,
    'asyncapi',
    String.raw`^/engagement/credentials/(?!keys$)`,
    String.raw`^/engagement/badges/\{badge\}/(achievement|artwork)`,
  ].join('|'),
);

describe.each(services)('the %s service', (name) => {
  it('says that it is alive and ready', async () => {
    for (const path of ['/health/live', '/health/ready'])
      expect((await story[name].raw('GET', path)).status).toBe(200);
  });

  it('describes its routes as OpenAPI 3.1', async () => {
    const answer = await story[name].raw('GET', `/${name}/openapi.json`);
    const document = JSON.parse(answer.text) as { openapi: string; paths: object };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths).length).toBeGreaterThan(4);
  });

  it('denies every documented route without a key, except those that say why they are open', async () => {
    const document = JSON.parse((await story[name].raw('GET', `/${name}/openapi.json`)).text) as {
      paths: Record<string, Record<string, unknown>>;
    };
    for (const [path, operations] of Object.entries(document.paths)) {
      if (open.test(path)) continue;
      for (const method of Object.keys(operations)) {
        const asked = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
        const { status } = await story[name].raw(method.toUpperCase() as 'GET', asked);
        expect({ path, method, status }).toEqual({ path, method, status: 401 });
      }
    }
  });

  it('answers malformed JSON with problem+json', async () => {
    const headers = { authorization: `Bearer ${story.suite.adminKey}`, 'content-type': 'application/json' };
    const answer = await story[name].raw('PUT', '/clock', { headers, body: '{"now": ' });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'malformed_request', status: 400 });
  });

  it('names the path of an unknown or wrong field', async () => {
    const headers = { authorization: `Bearer ${story.suite.adminKey}`, 'content-type': 'application/json' };
    const answer = await story[name].raw('PUT', '/clock', { headers, body: '{"now":"tomorrow","then":1}' });
    const problem = JSON.parse(answer.text) as { errors: { path: string }[] };
    expect(problem.errors.map(({ path }) => path)).toContain('now');
  });

  it('never turns its clock back', async () => {
    await expect(story[name].put('/clock', { now: '2020-01-01T00:00:00Z' })).rejects.toThrow(
      /never goes back/,
    );
  });
});

describe('a share', () => {
  it('of a person nobody knows is refused', async () => {
    const stranger = '00000000-0000-4000-8000-000000000001';
    await expect(shareOf(story, stranger, await publishPost(story, 1))).rejects.toThrow(/person_unknown/);
  });

  it('can be followed by one trace id through all three services', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = {
      authorization: `Bearer ${story.suite.adminKey}`,
      'content-type': 'application/json',
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    };
    const body = JSON.stringify({ postId: await publishPost(story, 2), personId: ids['ada'], network: 'x' });
    await story.content.raw('POST', '/content/shares', { headers, body });
    await story.settle();
    for (const name of services) {
      const log = await readFile(story.suite.services[name].log, 'utf8');
      expect({ name, found: log.includes(traceId) }).toEqual({ name, found: true });
    }
  });
});

describe('what is told badly', () => {
  it('a CSV with broken rows keeps the good ones and lists the others by line', async () => {
    const csv =
      'email,name,zone\nnew@x.example,New One,Europe/Rome\nnot-an-address,Bad,Europe/Rome\nfar@x.example,Far,Mars/Base\n';
    const result = await story.engagement.send('/engagement/people/import', 'text/csv', csv);
    expect(result).toMatchObject({ created: 1, rejected: [{ line: 3 }, { line: 4 }] });
  });

  it('a workflow with a wrong step is refused with line and mend', async () => {
    const yaml =
      'id: x\nname: X\non: { event: invitation.sent }\nsteps:\n  - id: a\n    sned: { template: invite }\n';
    await expect(
      story.engagement.send('/engagement/workflows/check', 'application/yaml', yaml),
    ).rejects.toThrow(/workflow\.yaml:6.*send/s);
  });

  it('an activity of an unknown person records nothing of its batch', async () => {
    const batch = [ids['ada'], '00000000-0000-4000-8000-000000000002'].map((personId) => ({
      type: 'training.attended',
      personId,
    }));
    await expect(story.engagement.post('/engagement/activities', batch)).rejects.toThrow(/1\.personId/);
    expect(await story.engagement.get(`/engagement/people/${ids['ada']}/activities`)).toEqual([
      expect.objectContaining({ type: 'content.shared' }),
    ]);
  });
});

describe('what goes wrong', () => {
  it('a service killed under load loses and doubles nothing', async () => {
    const { path } = await shareOf(story, ids['ada']!, await publishPost(story, 3));
    const load = follow(story, path, 60, 2000);
    await story.suite.services.engagement.kill('SIGKILL');
    await load;
    await story.suite.services.engagement.restart();
    await story.clock.advanceTo(new Date('2026-04-06T08:05:00Z'));
    await story.settle();
    const clicks = await story.engagement.get<unknown[]>(
      `/engagement/people/${ids['ada']}/activities?limit=500`,
    );
    expect(clicks.filter((activity) => (activity as { type: string }).type === 'link.clicked')).toHaveLength(
      60,
    );
  }, 90_000);

  it('a wiped broker is filled again from the outboxes', async () => {
    const { path } = await shareOf(story, ids['ada']!, await publishPost(story, 4));
    await story.suite.nats!.wipe();
    await follow(story, path, 5, 4000);
    await eventually(async () => {
      const { clicks } = await story.content.get<{ clicks: number }>('/content/summary');
      const activities = await story.engagement.get<{ type: string }[]>(
        `/engagement/people/${ids['ada']}/activities?limit=500`,
      );
      expect(activities.filter(({ type }) => type === 'link.clicked')).toHaveLength(clicks);
      expect(clicks).toBe(65);
    });
  }, 90_000);
});

/** Tries until it holds, for at most a minute. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await check();
    } catch (error) {
      if (tries > 120) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
