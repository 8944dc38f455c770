import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  acceptFrom,
  addPeople,
  beginStory,
  follow,
  publishPost,
  shareOf,
  type Story,
} from '../support/story.js';

let story: Story;
let ids: Record<string, string>;
const names = ['ann', 'ben', 'cem', 'dan', 'eva'];

// A Monday morning; the board's week runs Monday to Monday in Rome.
beforeAll(async () => {
  story = await beginStory('recognition', '2026-01-12T08:00:00Z', { env: { TRUST_PROXY: '127.0.0.1' } });
  ids = await addPeople(
    story,
    names.map(
      (name) =>
        `${name}@x.example,${name.toUpperCase()} Example,en,Europe/Rome,Sales,Rome,${name === 'eva' ? 'executive' : 'employee'},`,
    ),
  );
  await story.engagement.post('/engagement/invitations', { wave: 'all', personIds: Object.values(ids) });
  await story.settle();
  for (const name of names.filter((one) => one !== 'dan'))
    await acceptFrom(story, `${name}@x.example`, 'invite');
  await story.settle();
});
afterAll(() => story?.end());

const templatesTo = (name: string): string[] =>
  story
    .mailsTo(`${name}@x.example`)
    .map(({ template }) => template)
    .slice(1);

describe('badges', () => {
  it('are mailed within the same moment as the share that earned them', async () => {
    await shareOf(story, ids['ann']!, await publishPost(story));
    await story.settle();
    expect(templatesTo('ann')).toEqual(['badge-earned']);
    expect(await story.engagement.get(`/engagement/people/${ids['ann']}/badges`)).toMatchObject([
      { badge: 'first-share', earnedAt: '2026-01-12T08:00:00.000Z' },
    ]);
  });

  it('of ten shares come with the tenth', async () => {
    const shareOne = async (share: number): Promise<void> => {
      await shareOf(story, ids['ann']!, await publishPost(story, 200 + share));
    };
    for (let share = 2; share <= 9; share++) await shareOne(share);
    await story.settle();
    expect(templatesTo('ann')).toEqual(['badge-earned']);
    await shareOne(10);
    await story.settle();
    expect(templatesTo('ann')).toEqual(['badge-earned', 'badge-earned']);
  });

  it('of a hundred credible clicks in a month come with a thank-you that says the number', async () => {
    const { path } = await shareOf(story, ids['ben']!, await publishPost(story, 3));
    await follow(story, path, 60);
    await story.until('2026-01-13T09:00:00Z');
    await follow(story, path, 39, 300);
    await story.settle();
    expect(templatesTo('ben')).not.toContain('validation-personal');
    await follow(story, path, 1, 600);
    await story.settle();
    expect(templatesTo('ben')).toEqual(expect.arrayContaining(['validation-personal']));
    expect(await story.textOf('ben@x.example', 'validation-personal')).toMatch(/\b100\b/);
    expect(await story.engagement.get(`/engagement/people/${ids['ben']}/badges`)).toEqual(
      expect.arrayContaining([expect.objectContaining({ badge: 'traffic-driver', periodKey: '2026-01' })]),
    );
  });

  it('are not earned by a repeated visit or a bot', async () => {
    const before = await story.engagement.get<{ balance: number }>(`/engagement/people/${ids['cem']}/points`);
    const { path } = await shareOf(story, ids['cem']!, await publishPost(story, 4));
    await follow(story, path, 1, 900);
    await follow(story, path, 1, 900);
    await story.content.raw('GET', path, { headers: { 'user-agent': 'LinkedInBot/1.0' } });
    await story.content.raw('HEAD', path);
    await story.settle();
    const after = await story.engagement.get<{ balance: number }>(`/engagement/people/${ids['cem']}/points`);
    expect(after.balance - before.balance).toBe(2 + 10);
  });
});

describe('the weekly board', () => {
  it('closes on Monday noon with shared ranks and mails everybody who takes part', async () => {
    // Cem and Eva draw level: one share and one credible click each; Cem got there first.
    await story.until('2026-01-13T10:00:00Z');
    const { path } = await shareOf(story, ids['eva']!, await publishPost(story, 5));
    await follow(story, path, 1, 1200);
    await story.until('2026-01-19T10:59:00Z');
    expect(templatesTo('ann')).not.toContain('weekly-leaderboard');
    await story.until('2026-01-19T11:00:00Z');
    const closing = await story.engagement.get<{
      places: { personId: string; rank: number; score: number }[];
    }>('/engagement/boards/weekly-company/closings/2026-W03');
    expect(closing.places.map(({ personId, rank, score }) => [nameOf(personId), rank, score])).toEqual([
      ['ben', 1, 402],
      ['cem', 2, 12],
      ['eva', 2, 12],
      // Five shares a day bring points, and the fifth within a minute waits until somebody has looked.
      ['ann', 4, 8],
    ]);
    for (const name of ['ann', 'ben', 'cem', 'eva'])
      expect(templatesTo(name)).toContain('weekly-leaderboard');
    expect(templatesTo('dan')).toEqual(['invite-reminder', 'invite-reminder-last']);
  });

  it('gives its badge to the first three places, shared ones included', async () => {
    for (const [name, won] of [
      ['ben', true],
      ['cem', true],
      ['eva', true],
      ['ann', false],
    ] as const) {
      const badges = await story.engagement.get<{ badge: string; periodKey: string }[]>(
        `/engagement/people/${ids[name]}/badges`,
      );
      expect(
        badges.some(({ badge, periodKey }) => badge === 'weekly-winner' && periodKey === '2026-W03'),
      ).toBe(won);
    }
  });

  it('tells each their own place', async () => {
    expect(await story.textOf('ann@x.example', 'weekly-leaderboard')).toMatch(/4th/);
  });
});

describe('the executive letter', () => {
  it('comes on the first of the month at eight where they live, with last month against the one before', async () => {
    const shares = await story.content.get<{ id: string }[]>(`/content/shares?personId=${ids['eva']}`);
    await story.content.put(`/content/shares/${shares[0]!.id}/measures`, { impressions: 10_000 });
    await story.until('2026-02-01T06:59:00Z');
    expect(templatesTo('eva')).not.toContain('validation-executive');
    await story.until('2026-02-01T07:00:00Z');
    expect(templatesTo('eva')).toContain('validation-executive');
    expect(templatesTo('ann')).not.toContain('validation-executive');
    const text = await story.textOf('eva@x.example', 'validation-executive');
    // One credible click at 4.50 and 10,000 impressions at 28 per thousand on LinkedIn: 284.50.
    expect(text).toMatch(/€285/);
    expect(text).toMatch(/10,000/);
  });
});

describe('points', () => {
  it('say why they were given and why others were not', async () => {
    const { entries, refusals } = await story.engagement.get<{
      entries: { reason: string }[];
      refusals: { reason: string }[];
    }>(`/engagement/people/${ids['ben']}/points`);
    expect(entries[0]!.reason).toContain('points');
    expect(refusals[0]!.reason).toContain('at most 200 points a day');
  });
});

const nameOf = (id: string): string => Object.entries(ids).find(([, own]) => own === id)![0];
