import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Library } from '../library/library.support.js';

let library: Library;
let [seller, lawyer]: string[] = [];
beforeAll(async () => {
  library = await Library.start();
  seller = await library.person({ team: 'Sales' });
  lawyer = await library.person({ team: 'Legal', locale: 'it' });
});
afterAll(() => library.stop());

const sales = { target: { teams: ['Sales'] } };
const posts = (count: number, more: object): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => library.postId(more)));

describe('the mix', () => {
  it('of what came out stands beside the goals, overall and by team', async () => {
    await library.programme('{ mix: { company: 50, third-party: 50 }, calls_to_action: 20, window: 10d }');
    await library.post({ category: 'company', callToAction: true });
    await library.post({ category: 'company', ...sales });
    await library.post({ category: 'third-party', ...sales });
    await library.post({ category: 'employee', draft: true });
    const { body } = await library.call('GET', '/mix');
    expect(body).toMatchObject({ days: 10, overall: { posts: 3 } });
    expect(body.overall.categories[0]).toEqual({
      category: 'company',
      posts: 2,
      share: 66.7,
      goal: 50,
      difference: 16.7,
    });
    expect(body.overall.callsToAction).toEqual({ posts: 1, share: 33.3, goal: 20, difference: 13.3 });
    expect(body.teams.map(({ team, posts: n }: { team: string; posts: number }) => [team, n])).toEqual([
      ['Legal', 1],
      ['Sales', 3],
    ]);
  });

  it('looks back as far as its window', async () => {
    await library.service.moveTo('2026-03-12T08:00:01Z');
    expect((await library.call('GET', '/mix')).body.overall.posts).toBe(0);
    expect((await library.call('GET', '/mix?days=20')).body.overall.posts).toBe(3);
  });
});

describe('a drought', () => {
  const told = (): Promise<unknown[]> => library.told('content.drought');

  it('of a team is told on the morning it is reached, once', async () => {
    // Everybody was last shown something on 2 March at 09:00 in Rome.
    await library.programme('{ drought: 7d }');
    await library.service.moveTo('2026-03-13T06:59:00Z');
    expect(await told()).toEqual([]);
    await library.service.moveTo('2026-03-13T07:00:00Z');
    await library.service.moveTo('2026-03-16T07:00:00Z');
    expect(await told()).toEqual([
      { team: 'Legal', language: null, days: 10 },
      { team: 'Sales', language: null, days: 10 },
      { team: null, language: 'en', days: 10 },
    ]);
  });

  it('is over when something new comes, for those who are shown it, and can come again', async () => {
    const before = (await told()).length;
    await library.post(sales);
    await library.service.moveTo('2026-03-17T07:00:00Z');
    expect(await told()).toHaveLength(before);
    await library.service.moveTo('2026-03-23T07:00:00Z');
    expect((await told()).slice(before)).toEqual([
      { team: 'Sales', language: null, days: 7 },
      { team: null, language: 'en', days: 7 },
    ]);
  });
});

describe('fatigue', () => {
  const told = (): Promise<unknown[]> => library.told('content.fatigue');

  it('of a team that is shown too many posts a week is told once', async () => {
    await library.programme('{ fatigue: { posts_per_week: 5 } }');
    await posts(5, {});
    await posts(1, sales);
    await library.service.moveTo('2026-03-25T07:00:00Z');
    await library.service.moveTo('2026-03-26T07:00:00Z');
    expect(await told()).toEqual([{ team: 'Sales', reason: 'too_many', figure: 6, limit: 5 }]);
  });

  it('of a team whose shares for each post fall is told', async () => {
    const before = (await told()).length;
    // In these two weeks Sales is shown 10 posts and shares 12 times, Legal 8 and 3.
    for (const id of await posts(3, {})) {
      await library.share(id, lawyer!);
      for (const network of ['linkedin', 'x', 'facebook', 'email'])
        await library.share(id, seller!, { network });
    }
    await library.programme('{ fatigue: { shares_fall_to: 60 } }');
    await library.service.moveTo('2026-04-10T08:00:00Z');
    const [first] = (await posts(4, {})) as [string];
    await library.share(first, seller!);
    for (const network of ['x', 'linkedin']) await library.share(first, lawyer!, { network });
    await library.service.moveTo('2026-04-11T07:00:00Z');
    expect((await told()).slice(before)).toEqual([
      { team: 'Sales', reason: 'falling', figure: 21, limit: 60 },
    ]);
  });

  it('is not looked for where the programme does not ask', async () => {
    const before = [(await told()).length, (await library.told('content.drought')).length];
    await library.programme('{}');
    await library.service.moveTo('2026-06-01T08:00:00Z');
    expect([(await told()).length, (await library.told('content.drought')).length]).toEqual(before);
  });
});
