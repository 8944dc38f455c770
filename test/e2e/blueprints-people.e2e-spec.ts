import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addColleagues, programmeWith, templatesTo } from '../support/blueprints.js';
import { acceptFrom, beginStory, follow, publishPost, shareOf, type Story } from '../support/story.js';

let story: Story;
let ids: Record<string, string>;

// Monday, 12 January, nine in Rome.
beforeAll(async () => {
  const programmeDir = await programmeWith(
    ['first-share-welcome', 'training-invitation', 'dormant-advocate', 'joiners', 'mover', 'thanks-digest'],
    // A month of hourly looks at everybody is long to wait for in a test.
    (text) => text.replace('last_30_days") == 0', 'last_7_days") == 0'),
  );
  story = await beginStory('people', '2026-01-12T08:00:00Z', {
    programmeDir,
    env: { TRUST_PROXY: '127.0.0.1' },
  });
  ids = await addColleagues(story, [
    'hr@x.example,Hanna Rossi,it,Europe/Rome,People,HR,Rome,manager,',
    'lea@x.example,Lea Lind,en,Europe/Rome,Sales,Sales,Rome,manager,',
    'ann@x.example,Ann Example,en,Europe/Rome,Sales,Sales,Rome,employee,lea@x.example',
    'ben@x.example,Ben Example,en,Europe/London,Sales,Sales,London,employee,lea@x.example',
    'gil@x.example,Gil Example,en,Europe/Rome,Sales,Sales,Rome,employee,lea@x.example',
  ]);
  await story.engagement.post('/engagement/invitations', {
    wave: 'all',
    personIds: ['ann', 'ben', 'gil'].map((name) => ids[name]),
  });
  await story.settle();
  for (const name of ['ann', 'ben', 'gil']) await acceptFrom(story, `${name}@x.example`, 'invite');
  await story.settle();
});
afterAll(() => story?.end());

describe('people', () => {
  it('who share for the first time are thanked at once', async () => {
    const { path } = await shareOf(story, ids['ann']!, await publishPost(story));
    await follow(story, path, 3);
    await shareOf(story, ids['gil']!, await publishPost(story, 9));
    await story.settle();
    expect(templatesTo(story, 'ann')).toContain('first-share-thanks');
  });

  it('who joined are invited to a training after two days, at nine where they live', async () => {
    await story.until('2026-01-14T07:59:00Z');
    expect(templatesTo(story, 'ann')).not.toContain('training-invitation');
    await story.until('2026-01-14T08:00:00Z');
    expect(templatesTo(story, 'ann')).toContain('training-invitation');
    expect(templatesTo(story, 'ben')).not.toContain('training-invitation');
    await story.until('2026-01-14T09:00:00Z');
    expect(templatesTo(story, 'ben')).toContain('training-invitation');
    expect(await story.textOf('ben@x.example', 'training-invitation')).toContain(
      'northwind.example/trainings',
    );
  });

  it('who have attended are not reminded of it', async () => {
    await story.engagement.post('/engagement/activities', {
      type: 'training.attended',
      personId: ids['ann'],
    });
    await story.until('2026-01-19T12:00:00Z');
    expect(
      [templatesTo(story, 'ann'), templatesTo(story, 'ben')].map((all) => all.includes('training-reminder')),
    ).toEqual([false, true]);
  });

  it('who are new in the directory are told of together, after a week', async () => {
    await story.until('2026-01-20T09:00:00Z');
    const text = await story.textOf('hr@x.example', 'joiners-digest');
    for (const name of ['Lea Lind', 'Ann Example', 'Ben Example']) expect(text).toContain(name);
    expect(templatesTo(story, 'hr').filter((template) => template === 'joiners-digest')).toHaveLength(1);
  });

  it('get the thanks of their colleagues in one mail', async () => {
    for (const [from, text] of [
      ['ann', 'For the slides'],
      ['lea', 'For being there'],
    ] as const)
      await story.engagement.post('/engagement/activities', {
        type: 'thanks.given',
        personId: ids[from],
        data: { toPersonId: ids['ben'], text },
      });
    await story.until('2026-01-26T18:00:00Z');
    const text = await story.textOf('ben@x.example', 'thanks-digest');
    expect([
      text.includes('Ann Example: For the slides'),
      text.includes('Lea Lind: For being there'),
    ]).toEqual([true, true]);
    expect(templatesTo(story, 'ben').filter((template) => template === 'thanks-digest')).toHaveLength(1);
  });

  it('hear two weeks after their first share what it has brought', async () => {
    expect(templatesTo(story, 'ann')).toEqual(
      expect.arrayContaining(['first-share-tips', 'first-share-visits']),
    );
    expect(await story.textOf('ann@x.example', 'first-share-visits')).toContain('3 visits');
  });

  it('who move to another team are introduced to the new lead', async () => {
    await addColleagues(story, [
      'max@x.example,Max Moritz,en,Europe/Rome,Research,Research,Rome,manager,',
      'ann@x.example,Ann Example,en,Europe/Rome,Research,Research,Rome,employee,max@x.example',
    ]);
    await story.until('2026-01-28T12:00:00Z');
    expect(await story.textOf('max@x.example', 'mover-lead')).toContain('Ann Example');
  });

  it('who have gone quiet are offered a pause, and with it get no more mails', async () => {
    const text = await story.textOf('gil@x.example', 'dormant-advocate');
    const path = /\/notification\/pause\/\S+/.exec(text)![0];
    expect((await story.notification.raw('POST', path)).status).toBe(200);
    await story.settle();
    const before = templatesTo(story, 'gil').length;
    const data = { toPersonId: ids['gil'], text: 'Rest well' };
    await story.engagement.post('/engagement/activities', {
      type: 'thanks.given',
      personId: ids['lea'],
      data,
    });
    await story.until('2026-02-02T18:00:00Z');
    expect(templatesTo(story, 'gil')).toHaveLength(before);
  });

  it('who leave take everything with them that was under way', async () => {
    await story.engagement.post('/engagement/activities', {
      type: 'thanks.given',
      personId: ids['lea'],
      data: { toPersonId: ids['ben'], text: 'Once more' },
    });
    await story.settle();
    const living = (): Promise<object[]> =>
      story.engagement.get(`/engagement/runs?personId=${ids['ben']}&status=waiting`);
    expect(await living()).not.toEqual([]);
    await story.engagement.raw('PATCH' as never, `/engagement/people/${ids['ben']}`, {
      headers: { authorization: `Bearer ${story.suite.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ active: false }),
    });
    await story.settle();
    expect(await living()).toEqual([]);
    expect(await story.textOf('lea@x.example', 'leaver-lead')).toContain('Ben Example');
  });
});
