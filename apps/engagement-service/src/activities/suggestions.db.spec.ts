import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { useEngagement } from '../../../../test/support/engagement.js';
import type { Stage } from '../../../../test/support/engagement.js';
import { until } from '../../../../test/support/service.js';

let stage: Stage;
useEngagement((begun) => (stage = begun));

const person = async (): Promise<string> => {
  const email = `${newId()}@suggestions.test`;
  const row = { email, name: 'Ada', locale: 'en', zone: 'Europe/Rome', team: 'Sales' };
  const csv = `${Object.keys(row).join(',')}\n${Object.values(row).join(',')}`;
  await stage.service.call('POST', '/engagement/people/import', csv, { type: 'text/csv' });
  const [{ id }] = (await stage.service.query(`SELECT id FROM people WHERE email = $1`, [email])) as [
    { id: string },
  ];
  return id;
};
const published = (personId: string, id = newId()): Promise<string> =>
  stage.neighbour.tell(
    'content.suggestion_published',
    { suggestionId: newId(), postId: newId(), personId, title: 'A find' },
    { id },
  );

describe('a suggestion that is published', () => {
  it('becomes an activity of its author with points and a thank-you, once, however often it is told', async () => {
    const ada = await person();
    const id = newId();
    await published(ada, id);
    await stage.service.quiet();
    await published(ada, id);
    await stage.service.quiet();
    const { body } = await stage.service.call('GET', `/engagement/people/${ada}/activities`);
    expect(
      body.map(({ type, data }: { type: string; data: { title: string } }) => [type, data.title]),
    ).toEqual([['suggestion.published', 'A find']]);
    expect((await stage.service.call('GET', `/engagement/people/${ada}/points`)).body.balance).toBe(25);
    const thanks = await stage.service.query(
      `SELECT FROM outbox WHERE envelope LIKE '%"template":"suggestion-thanks"%' AND envelope LIKE '%' || $1 || '%'`,
      [ada],
    );
    expect(thanks).toHaveLength(1);
  });

  it('of somebody who is gone is set aside, and keeps nobody else waiting', async () => {
    const ada = await person();
    await published(newId());
    await published(ada);
    await until('Ada has her points', async () => {
      const { body } = await stage.service.call('GET', `/engagement/people/${ada}/points`);
      return body.balance === 25;
    });
    const { body } = await stage.service.call('GET', '/engagement/dead-letters');
    expect(JSON.stringify(body)).toContain('there is no person');
  });
});
