import { beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Clock, newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { Stage } from '../../../../test/support/engagement.js';
import { ActivitiesService } from '../activities/activities.service.js';

let stage: Stage;
useEngagement((begun) => (stage = begun));

let ann: string;
let reviewer: string;
beforeAll(async () => {
  const hr = { department: 'HR', seniority: 'manager' };
  ann = await addPerson(stage.service, 'ann@appeal.test', hr);
  reviewer = await addPerson(stage.service, 'rev@appeal.test', hr);
});

/** Minutes; a day has only so many points for shares. */
const DAY = 1440;

interface Mail {
  personId: string;
  template: string;
  data: Record<string, unknown>;
  answers?: { askId: string; options: string[] };
}
async function mails(template: string): Promise<Mail[]> {
  await stage.service.quiet();
  const rows = await stage.service.query<{ envelope: string }>(
    `SELECT envelope FROM outbox WHERE subject = 'laurel.evt.notification.requested' ORDER BY seq`,
  );
  return rows.map(({ envelope }) => JSON.parse(envelope).data).filter((mail) => mail.template === template);
}
const now = (): number => stage.service.app.get(Clock).now().getTime();
async function pass(minutes: number): Promise<void> {
  await stage.service.moveTo(new Date(now() + minutes * 60_000).toISOString());
  await stage.service.quiet();
}
const answer = async ({ personId, answers }: Mail, given: string): Promise<void> => {
  await stage.neighbour.tell('answer.given', { askId: answers!.askId, personId, answer: given });
  await stage.service.quiet();
};
const balance = async (): Promise<number> =>
  (await stage.service.call('GET', `/engagement/people/${ann}/points`)).body.balance;
const newestHold = async (): Promise<{ state: string; appeal: string | null }> =>
  (await stage.service.call('GET', `/engagement/holds?personId=${ann}`)).body[0];

/** Ann shares five times within seconds; the fifth is held, and a quarter of an hour later she is told. */
async function held(): Promise<Mail> {
  const shares = [1, 2, 3, 4, 5].map((second) => ({
    id: newId(),
    type: 'content.shared',
    personId: ann,
    objectId: newId(),
    occurredAt: now() + second * 1000,
    data: { network: 'x', postId: newId() },
  }));
  await stage.service.app
    .get(DataSource)
    .transaction((manager) =>
      stage.service.app.get(ActivitiesService, { strict: false }).recordTold(manager, shares),
    );
  await stage.service.quiet();
  await pass(16);
  return (await mails('points-held')).at(-1)!;
}

describe('whose points are held', () => {
  it('objects by one click of the mail; somebody else decides, and the points count again', async () => {
    const question = await held();
    expect(question).toMatchObject({
      personId: ann,
      data: { points: 2 },
      answers: { options: ['disagree'] },
    });
    const before = await balance();
    await answer(question, 'disagree');
    expect(await newestHold()).toMatchObject({
      state: 'appealed',
      appeal: 'The person says that it was right.',
    });
    const reviews = await mails('points-appeal');
    expect(reviews).toMatchObject([
      {
        personId: reviewer,
        data: { appellantPersonId: ann, points: 2, holdReason: 'More than four shares within a minute' },
      },
    ]);
    await answer(reviews[0]!, 'approve');
    expect([(await newestHold()).state, (await balance()) - before]).toEqual(['released', 2]);
    await pass(16);
    expect(await mails('points-released')).toMatchObject([{ personId: ann, data: { points: 2 } }]);
  });

  it('loses them, and hears why, when whoever decides does not believe it', async () => {
    await pass(DAY);
    const question = await held();
    const before = await balance();
    await answer(question, 'disagree');
    const reviews = await mails('points-appeal');
    expect(reviews).toHaveLength(2);
    await answer(reviews[1]!, 'reject');
    expect([(await newestHold()).state, (await balance()) - before]).toEqual(['reversed', 0]);
    await pass(16);
    expect(await mails('points-reversed')).toMatchObject([
      { personId: ann, data: { reason: 'Reviewed and not believed' } },
    ]);
  });

  it('is told of what is held next while a question is open', async () => {
    await pass(DAY);
    const open = await held();
    await pass(DAY);
    expect((await held()).answers!.askId).not.toBe(open.answers!.askId);
  });
});

describe('by workflows of the programme', () => {
  it('a level that is reached is news for the person, the highest of several only, and not the one where all begin', async () => {
    const level = { personId: ann, level: 'voice', levelName: 'Voice', points: 100 };
    await stage.neighbour.tell('level.reached', { ...level, highest: false });
    await stage.neighbour.tell('level.reached', {
      ...level,
      levelName: 'Storyteller',
      points: 500,
      highest: true,
    });
    expect(await mails('level-reached')).toMatchObject([
      { personId: ann, data: { levelName: 'Storyteller', points: 500 } },
    ]);
  });

  it('the owners hear when points do not add up', async () => {
    await stage.neighbour.tell('ledger.difference', { verificationId: newId(), differences: 3 });
    const told = await mails('ledger-difference');
    expect(told.map(({ personId }) => personId).sort()).toEqual([ann, reviewer].sort());
    expect(told[0]!.data).toEqual({ differences: 3 });
  });
});
