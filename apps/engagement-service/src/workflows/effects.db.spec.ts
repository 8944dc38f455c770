import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson } from '../../../../test/support/engagement.js';
import { Engine, incoming } from './engine.support.js';

const on = (word: string): string => `on: { event: suggestion.published, if: 'event.what == "${word}"' }`;
const workflow = (id: string, steps: string): string => `
id: ${id}
name: Tries ${id}
${on(id)}
steps:
${steps}
`;

const WORKFLOWS = [
  workflow(
    'asks',
    `  - { id: may, ask: { template: points-review, options: ['yes', 'no'], timeout: 3d, on_timeout: stop } }`,
  ),
  workflow(
    'surveys',
    `  - { id: mood, ask: { template: survey-pulse, survey: pulse, timeout: 3d } }
  - { id: tell, publish: { survey: pulse } }`,
  ),
  workflow(
    'gives',
    `  - { id: badge, award: { badge: weekly-winner } }
  - { id: back, revoke: { badge: weekly-winner, reason: A mistake } }`,
  ),
  workflow('approves', `  - { id: give, award: { claim: event.claim } }`),
  workflow('declines', `  - { id: no, revoke: { claim: event.claim, reason: Sold out } }`),
  workflow(
    'holds',
    `  - { id: aside, hold: { rule: training, window: today, reason: In doubt } }
  - { id: wait, wait: 1d }
  - { id: back, hold: { release: aside } }`,
  ),
  workflow(
    'reverses',
    `  - { id: aside, hold: { rule: training, window: today, reason: In doubt } }
  - { id: gone, revoke: { held: aside, reason: Not real } }`,
  ),
  workflow('circle', `  - { id: again, emit: { event: suggestion.published, data: { what: '"circle"' } } }`),
  workflow(
    'starts',
    `  - { id: other, start: { workflow: started, key: '"one"', data: { from: event.what } } }`,
  ),
  `
id: started
name: Is started by another
on: { manual: true }
steps:
  - { id: mail, wait: 5d, send: { template: invite } }
`,
  workflow('stops', `  - { id: others, stop: { workflow: started, key: '"one"', reason: Enough } }`),
  workflow('slow', `  - { id: mail, throttle: { limit: 2, per: hour }, send: { template: invite } }`),
  workflow('posts', `  - { id: out, publish: { post: event.post } }`),
];

const engine = new Engine(WORKFLOWS);

beforeAll(() => engine.start());
afterAll(() => engine.stop());

let count = 0;
const someone = (): Promise<string> => addPerson(engine.service, `p${++count}@effects.test`);
const happen = async (what: string, personId: string, more: object = {}): Promise<void> => {
  await engine.take(engine.service, [incoming('suggestion.published', count, { what, personId, ...more })]);
  await engine.quiet();
};
const answer = async (askId: string, personId: string, given: string): Promise<void> => {
  await engine.neighbour.tell('answer.given', { askId, personId, answer: given });
  await engine.quiet();
};
const points = async (personId: string): Promise<number> =>
  (await engine.service.call('GET', `/engagement/people/${personId}/points`)).body.balance;
const train = (personId: string): Promise<void> =>
  engine.report({ type: 'training.attended', personId, occurredAt: '2026-03-02T07:30:00Z' });

describe('ask', () => {
  it('mails a question with its answers, and goes on with the first answer', async () => {
    const person = await someone();
    await happen('asks', person);
    const [mail] = await engine.mails('asks');
    expect(mail.answers).toMatchObject({ options: ['yes', 'no'] });
    await answer(mail.answers.askId, person, 'yes');
    await answer(mail.answers.askId, person, 'no');
    const [run] = await engine.runs('asks');
    expect(run).toMatchObject({ status: 'done', vars: { may: { answer: 'yes', personId: person } } });
  });

  it('of a survey counts the answer where nobody can tell whose it is', async () => {
    const people = [await someone(), await someone(), await someone()];
    for (const person of people) await happen('surveys', person);
    const mails = await engine.mails('surveys');
    expect(mails[0].answers.options).toEqual(['1', '2', '3', '4', '5']);
    await answer(mails[0].answers.askId, mails[0].personId, '4');
    const runs = await engine.runs('surveys');
    const own = runs.find(({ personId }) => personId === mails[0].personId)!;
    expect(own).toMatchObject({ status: 'done', vars: { mood: { answered: true } } });
    const written = JSON.stringify([runs, await engine.lines('surveys')]);
    expect(written).not.toContain('"4"');
    expect(written).not.toContain('is 4');
    // The run went on to close the round, which had one answer: too few to tell.
    expect((await engine.told('survey.closed')).map(({ data }) => [data.answers, data.published])).toEqual([
      [1, false],
    ]);
  });
});

describe('award and revoke', () => {
  it('give a badge and take it back, which is told', async () => {
    const person = await someone();
    await happen('gives', person);
    expect((await engine.service.call('GET', `/engagement/people/${person}/badges`)).body).toEqual([]);
    expect((await engine.told('badge.revoked')).map(({ data }) => [data.personId, data.reason])).toEqual([
      [person, 'A mistake'],
    ]);
  });

  it('approve and decline a claimed reward, once', async () => {
    const person = await someone();
    for (const month of ['01', '02'])
      for (const day of ['10', '11'])
        await engine.report({
          type: 'training.attended',
          personId: person,
          occurredAt: `2026-${month}-${day}T10:00:00Z`,
        });
    const claim = async (): Promise<string> =>
      (await engine.service.call('POST', '/engagement/rewards/book/claims', { personId: person })).body.id;
    const [first] = [await claim()];
    await happen('approves', person, { claim: first });
    await happen('approves', person, { claim: first });
    expect((await engine.told('reward.approved')).map(({ data }) => data.claimId)).toEqual([first]);
    expect(await engine.lines('approves')).toContainEqual(
      expect.objectContaining({ outcome: 'failed', reason: expect.stringContaining('settled already') }),
    );
    await happen('declines', person, { claim: first });
    expect(await points(person)).toBe(200);
  });
});

describe('hold', () => {
  it('sets the gains of a rule aside, and gives them back', async () => {
    const person = await someone();
    await train(person);
    await happen('holds', person);
    expect(await points(person)).toBe(0);
    await engine.moveTo('2026-03-03T09:00:00Z');
    expect(await points(person)).toBe(50);
  });

  it('takes away for good what was set aside', async () => {
    const person = await someone();
    await engine.report({ type: 'training.attended', personId: person, occurredAt: '2026-03-03T08:30:00Z' });
    await happen('reverses', person);
    expect(await points(person)).toBe(0);
    expect((await engine.told('points.reversed')).map(({ data }) => data.personId)).toEqual([person]);
  });
});

describe('emit', () => {
  it('records an activity that workflows hear, and a circle of them comes to an end', async () => {
    const person = await someone();
    await happen('circle', person);
    const runs = await engine.runs('circle');
    expect(runs.map(({ status }) => status).toSorted()).toEqual([
      'done',
      'done',
      'done',
      'done',
      'done',
      'failed',
    ]);
    const { body } = await engine.service.call('GET', `/engagement/people/${person}/activities`);
    expect(body).toHaveLength(5);
  });
});

describe('start and stop', () => {
  it('start another workflow once, and end its living runs', async () => {
    const person = await someone();
    await happen('starts', person);
    await happen('starts', person);
    const [run, ...more] = await engine.runs('started');
    expect(more).toEqual([]);
    expect(run).toMatchObject({ status: 'waiting', personId: person, key: 'one' });
    expect(run!.event).toMatchObject({ from: 'starts', startedBy: { workflow: 'starts' } });
    await happen('stops', person);
    expect(await engine.runs('started')).toMatchObject([{ status: 'cancelled', reason: 'Enough' }]);
  });
});

describe('throttle', () => {
  it('serves so many in an hour and the others in the next ones, in order', async () => {
    const person = await someone();
    const events = Array.from({ length: 5 }, (_, minute) =>
      incoming('suggestion.published', minute, { what: 'slow', personId: person, id: newId() }),
    );
    await Promise.all([
      engine.take(engine.service, events.slice(0, 3)),
      engine.take(engine.replica, events.slice(3)),
    ]);
    expect(await engine.mails('slow')).toHaveLength(2);
    await engine.moveTo('2026-03-03T10:00:01Z');
    expect(await engine.mails('slow')).toHaveLength(4);
    await engine.moveTo('2026-03-03T11:00:01Z');
    expect(await engine.mails('slow')).toHaveLength(5);
  });
});

describe('publish', () => {
  it('asks for a post to be published, and says when there is no such thing', async () => {
    const [person, post] = [await someone(), newId()];
    await happen('posts', person, { post });
    await happen('posts', person, { post: 'nonsense' });
    expect((await engine.told('content.publish_requested')).map(({ data }) => data.postId)).toEqual([post]);
    expect(await engine.lines('posts')).toContainEqual(
      expect.objectContaining({ outcome: 'failed', reason: '"nonsense" is no post' }),
    );
  });
});
