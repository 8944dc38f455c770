import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addColleagues, answerFrom, programmeWith, templatesTo } from '../support/blueprints.js';
import { acceptFrom, beginStory, follow, publishPost, shareOf, type Story } from '../support/story.js';

let story: Story;
let ids: Record<string, string>;
const names = ['ann', 'ben', 'cem', 'dan'];

// Monday, 12 January, nine in Rome.
beforeAll(async () => {
  const programmeDir = await programmeWith([
    'daily-win',
    'weekly-spotlight',
    'suspicious-points',
    'reward-promise',
  ]);
  story = await beginStory('gifts', '2026-01-12T08:00:00Z', {
    programmeDir,
    env: { TRUST_PROXY: '127.0.0.1' },
  });
  ids = await addColleagues(story, [
    'hr@x.example,Hanna Rossi,en,Europe/Rome,People,HR,Rome,manager,',
    'lea@x.example,Lea Lind,en,Europe/Rome,Sales,Sales,Rome,manager,',
    ...names.map(
      (name) =>
        `${name}@x.example,${name.toUpperCase()} Example,en,Europe/Rome,Sales,Sales,Rome,employee,lea@x.example`,
    ),
  ]);
  const personIds = names.map((name) => ids[name]);
  await story.engagement.post('/engagement/invitations', { wave: 'all', personIds });
  await story.settle();
  for (const name of names) await acceptFrom(story, `${name}@x.example`, 'invite');
  const post = await publishPost(story);
  for (const [index, visitors] of [4, 3, 2, 1].entries()) {
    const { path } = await shareOf(story, ids[names[index]!]!, post);
    await follow(story, path, visitors, index * 50);
  }
  await story.settle();
});
afterAll(() => story?.end());

const balance = async (name: string): Promise<number> =>
  (await story.engagement.get<{ balance: number }>(`/engagement/people/${ids[name]}/points`)).balance;
const claim = (name: string, reward: string): Promise<{ id: string }> =>
  story.engagement.post(`/engagement/rewards/${reward}/claims`, { personId: ids[name] });

describe('recognition', () => {
  it('of the first of the day comes the next morning', async () => {
    await story.until('2026-01-13T09:00:00Z');
    expect(await story.textOf('ann@x.example', 'daily-win')).toContain('42 points');
    expect(templatesTo(story, 'ben')).not.toContain('daily-win');
  });

  it('asks before it puts somebody in the spotlight, and then everybody reads of it', async () => {
    await story.until('2026-01-19T12:00:00Z');
    expect(templatesTo(story, 'dan')).toContain('spotlight-consent');
    await answerFrom(story, 'dan', 'spotlight-consent', 'Yes');
    await story.settle();
    expect(await story.textOf('ben@x.example', 'spotlight')).toContain('DAN Example');
    expect(await story.textOf('ben@x.example', 'spotlight')).toContain('1 visit');
  });
});

describe('points that look too good', () => {
  it('are held until somebody has looked, and given back when they are real', async () => {
    const { path } = await shareOf(story, ids['cem']!, await publishPost(story, 2));
    const before = await balance('cem');
    await follow(story, path, 60, 5_000);
    await story.settle();
    // Two for the share itself, which nobody doubts.
    expect(await balance('cem')).toBe(before + 2);
    expect(await story.textOf('hr@x.example', 'points-review')).toContain('CEM Example');
    await answerFrom(story, 'hr', 'points-review', 'Real: give the points back');
    await story.settle();
    expect(await balance('cem')).toBe(before + 2 + 200);
  });

  it('are taken back when they are not, and the person hears why', async () => {
    await story.until('2026-01-20T10:00:00Z');
    const { path } = await shareOf(story, ids['dan']!, await publishPost(story, 3));
    const before = await balance('dan');
    await follow(story, path, 60, 9_000);
    await story.settle();
    await answerFrom(story, 'hr', 'points-review', 'Not real: take them back');
    await story.until('2026-01-20T10:30:00Z');
    expect(await balance('dan')).toBe(before + 2);
    expect(await story.textOf('dan@x.example', 'points-reversed')).toContain('found not to be real visits');
    expect(templatesTo(story, 'dan').filter((template) => template === 'points-reversed')).toHaveLength(1);
  });
});

describe('a reward', () => {
  it('that the lead approves is told to the employee at once', async () => {
    const before = await balance('cem');
    const { id } = await claim('cem', 'coffee');
    await story.settle();
    expect(await story.textOf('lea@x.example', 'reward-approval')).toContain('CEM Example');
    await answerFrom(story, 'lea', 'reward-approval', 'Approve');
    await story.settle();
    expect(templatesTo(story, 'cem')).toContain('reward-approved');
    await story.engagement.post(`/engagement/reward-claims/${id}/fulfil`, {});
    await story.settle();
    expect(templatesTo(story, 'cem')).toContain('reward-ready');
    expect(await balance('cem')).toBe(before - 150);
  });

  it('that the lead is silent about comes to the owners after two days, and declined gives its points back', async () => {
    const attended = { type: 'training.attended', personId: ids['cem'] };
    await story.engagement.post('/engagement/activities', [attended, attended]);
    await story.settle();
    const before = await balance('cem');
    await claim('cem', 'coffee');
    await story.until('2026-01-22T10:00:00Z');
    expect(templatesTo(story, 'hr')).not.toContain('reward-approval');
    await story.until('2026-01-22T11:00:00Z');
    await answerFrom(story, 'hr', 'reward-approval', 'Decline');
    await story.settle();
    expect(await story.textOf('cem@x.example', 'reward-rejected')).toContain('The programme declined it');
    expect(await balance('cem')).toBe(before);
  });
});
