import { beforeAll, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { Stage } from '../../../../test/support/engagement.js';

let stage: Stage;
useEngagement((begun) => (stage = begun));

let ada: string;
let com: string;
beforeAll(async () => {
  ada = await addPerson(stage.service, 'ada@x.example');
  com = await addPerson(stage.service, 'com@x.example', {
    department: 'Communications',
    seniority: 'manager',
  });
});

const mailsAfter = async (source: object) => {
  await stage.neighbour.tell('source.broken', { sourceId: newId(), name: 'Blog', reason: 'gone', ...source });
  await stage.service.quiet();
  const rows = await stage.service.query<{ envelope: string }>(
    `SELECT envelope FROM outbox WHERE subject = 'laurel.evt.notification.requested'`,
  );
  return rows.map(({ envelope }) => JSON.parse(envelope).data).slice(-1);
};

it('Who answers for a broken feed is told which one and why; where nobody does, the owners of the content are.', async () => {
  const data = { sourceName: 'Blog', reason: 'gone' };
  expect(await mailsAfter({ ownerId: ada })).toMatchObject([
    { personId: ada, template: 'source-broken', data },
  ]);
  expect(await mailsAfter({ ownerId: null })).toMatchObject([
    { personId: com, template: 'source-broken', data },
  ]);
});
