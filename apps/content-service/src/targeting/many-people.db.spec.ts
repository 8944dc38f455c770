import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Library } from '../library/library.support.js';
import { shown } from './targeted.query.js';

let library: Library;
beforeAll(async () => {
  library = await Library.start();
  await library.service.query(
    `INSERT INTO people (person_id, team, department, location, seniority, locale, active)
     SELECT gen_random_uuid(), 'team ' || n % 100, 'department ' || n % 10, 'city ' || n % 7, 'employee', (ARRAY['en', 'it', 'pl', 'ms'])[n % 4 + 1], true
     FROM generate_series(1, 10000) n`,
  );
  await library.service.query('ANALYZE people');
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      library.postId({
        target:
          n % 4 === 0
            ? { audience: `person.team == "team ${n}" || person.location == "city ${n % 7}"` }
            : { teams: [`team ${n}`] },
      }),
    ),
  );
});
afterAll(() => library.stop());

/** Statements sent to the database while something runs. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await count();
  await work();
  return (await count()) - before;
}
let counted = 0;
const count = (): Promise<number> => Promise.resolve(counted);
beforeAll(() => {
  const { driver } = library.service.app.get(DataSource) as unknown as {
    driver: {
      master: {
        on(event: string, listener: (client: { query: (...args: unknown[]) => unknown }) => void): void;
      };
    };
  };
  driver.master.on('acquire', (client) => {
    const marked = client as typeof client & { counts?: true };
    if (marked.counts) return;
    marked.counts = true;
    const query = client.query.bind(client);
    client.query = (...args) => {
      counted++;
      return query(...args);
    };
  });
});

describe('among 10,000 people and 40 targeted posts', () => {
  it('who sees a post is counted by a handful of statements', async () => {
    const { body: posts } = await library.call('GET', '/posts?limit=1');
    let see = 0;
    const statements = await statementsOf(async () => {
      ({ see } = (await library.call('GET', `/posts/${posts[0].id}/audience`)).body);
    });
    expect(see).toBeGreaterThanOrEqual(100);
    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThan(30);
  });

  it('one person is looked up by their key, whatever the conditions of the posts', async () => {
    const manager = library.service.app.get(DataSource).manager;
    const { sql, parameters } = await shown(manager, 'en', 1);
    const plan = await library.service.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT posts.id FROM posts CROSS JOIN people WHERE posts.status = 'published' AND people.person_id = $1 AND ${sql}`,
      ['00000000-0000-4000-8000-000000000000', ...parameters],
    );
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(lines).toContain('people_pkey');
    expect(lines).not.toMatch(/Seq Scan on people/);
  });

  it('the mix of every team is one statement over all', async () => {
    const statements = await statementsOf(async () => {
      const { body } = await library.call('GET', '/mix');
      expect([body.overall.posts, body.teams.length]).toEqual([40, 100]);
    });
    expect(statements).toBeLessThan(30);
  });
});
