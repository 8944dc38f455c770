import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addColleagues, programmeWith, templatesTo } from '../support/blueprints.js';
import { acceptFrom, beginStory, publishPost, type Story } from '../support/story.js';

const WARN_THE_TEAM = `id: team-drought
name: Tell a team's people that there will be something for them soon
inputs:
  who: { label: Who, type: audience, default: person.active && person.team == event.team }
on: { event: content.drought, if: event.team != null, key: event.team }
steps:
  - id: team
    for_each: { audience: $who }
    steps:
      - id: warn
        send: { template: content-drought, data: { days: event.days } }
`;

let story: Story;
let ids: Record<string, string>;

// Monday, 2 March, nine in Rome.
beforeAll(async () => {
  const watched = (text: string): string => text.replace('\n  window: 30d', '\n  window: 30d\n  drought: 7d');
  const programmeDir = await programmeWith([]);
  const file = join(programmeDir, 'programme.yaml');
  await writeFile(file, watched(await readFile(file, 'utf8')));
  await writeFile(join(programmeDir, 'workflows', 'team-drought.yaml'), WARN_THE_TEAM);
  story = await beginStory('library', '2026-03-02T08:00:00Z', { programmeDir });
  ids = await addColleagues(story, [
    'ada@x.example,Ada Neri,it,Europe/Rome,Sales,Business,Rome,employee,',
    'ben@x.example,Ben Example,en,Europe/Rome,Legal,Business,Rome,employee,',
  ]);
  await story.engagement.post('/engagement/invitations', {
    wave: 'all',
    personIds: [ids['ada'], ids['ben']],
  });
  await story.settle();
  for (const name of ['ada', 'ben']) await acceptFrom(story, `${name}@x.example`, 'invite');
});
afterAll(() => story?.end());

const balance = async (name: string): Promise<number> =>
  (await story.engagement.get<{ balance: number }>(`/engagement/people/${ids[name]}/points`)).balance;

describe('a suggestion', () => {
  it('that is scheduled and comes out earns its author points and thanks, once', async () => {
    const suggestion = { personId: ids['ada'], title: 'A river returns', url: 'https://river.example/1' };
    const { id } = await story.content.post<{ id: string }>('/content/suggestions', suggestion);
    const post = await story.content.post<{ id: string }>(`/content/suggestions/${id}/accept`, {});
    await story.content.post(`/content/posts/${post.id}/schedule`, { at: '2026-03-03T08:00:00Z' });
    await story.settle();
    expect([await balance('ada'), templatesTo(story, 'ada')]).toEqual([0, ['invite']]);
    await story.until('2026-03-03T08:00:00Z');
    for (const action of ['archive', 'reopen', 'publish'])
      await story.content.post(`/content/posts/${post.id}/${action}`, {});
    await story.until('2026-03-03T09:00:00Z');
    expect(await balance('ada')).toBe(25);
    expect(templatesTo(story, 'ada').filter((template) => template === 'suggestion-thanks')).toHaveLength(1);
    expect(await story.textOf('ada@x.example', 'suggestion-thanks')).toContain('A river returns');
  });
});

describe('a team that is shown nothing new', () => {
  it('hears of it by a workflow of its own, and a team that is shown something does not', async () => {
    await story.until('2026-03-08T08:00:00Z');
    const forSales = {
      title: 'For Sales',
      url: 'https://sales.example/1',
      category: 'company',
      target: { teams: ['Sales'] },
    };
    await story.content.post('/content/posts', forSales);
    await story.until('2026-03-12T12:00:00Z');
    expect(['ada', 'ben'].map((name) => templatesTo(story, name).includes('content-drought'))).toEqual([
      false,
      true,
    ]);
    await publishPost(story);
    await story.until('2026-03-13T12:00:00Z');
    expect(templatesTo(story, 'ben').filter((template) => template === 'content-drought')).toHaveLength(1);
  });
});

describe('a share planned for later', () => {
  it('comes by mail at its time, and is made from there', async () => {
    const postId = await publishPost(story, 2);
    const planned = { postId, personId: ids['ben'], network: 'linkedin', caption: 'Worth your minute' };
    const at = '2026-03-16T09:30:00Z';
    const { id } = await story.content.post<{ id: string }>('/content/planned-shares', { ...planned, at });
    await story.until('2026-03-16T09:29:00Z');
    expect(templatesTo(story, 'ben')).not.toContain('share-ready');
    await story.until('2026-03-16T10:00:00Z');
    const text = await story.textOf('ben@x.example', 'share-ready');
    const path = /https?:\/\/[^/]+(\/s\/\S+)/.exec(text)![1]!;
    expect((await story.content.raw('GET', path)).text).toContain('Worth your minute');
    expect((await story.content.raw('POST', path)).text).toContain('linkedin.com');
    await story.settle();
    expect(await story.content.get(`/content/planned-shares/${id}`)).toMatchObject({ status: 'shared' });
    expect(await balance('ben')).toBe(2);
  });
});
