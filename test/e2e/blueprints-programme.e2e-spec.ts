import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addColleagues, answerFrom, programmeWith, templatesTo } from '../support/blueprints.js';
import { acceptFrom, beginStory, publishPost, shareOf, type Story } from '../support/story.js';

let story: Story;
let ids: Record<string, string>;
const names = ['ann', 'ben', 'cem', 'dan', 'eva', 'fay'];

// Monday, 23 March, nine in Rome.
beforeAll(async () => {
  const programmeDir = await programmeWith([
    'content-drought',
    'hiring-push',
    'goal-review',
    'dip-alarm',
    'survey-enps',
    'survey-enps-results',
    'survey-pulse',
    'survey-pulse-results',
  ]);
  story = await beginStory('programme', '2026-03-23T08:00:00Z', { programmeDir });
  ids = await addColleagues(story, [
    'com@x.example,Carla Moro,it,Europe/Rome,News,Communications,Rome,manager,',
    ...names.map(
      (name) => `${name}@x.example,${name.toUpperCase()} Example,en,Europe/Rome,Sales,Sales,Rome,employee,`,
    ),
  ]);
  const personIds = names.map((name) => ids[name]);
  await story.engagement.post('/engagement/invitations', { wave: 'all', personIds });
  await story.settle();
  for (const name of names) await acceptFrom(story, `${name}@x.example`, 'invite');
  await story.engagement.post('/engagement/programme/launch', {});
  await publishPost(story);
  await story.settle();
});
afterAll(() => story?.end());

describe('supply', () => {
  it('that dries up is told to the owners once, and every post winds the clock anew', async () => {
    await story.until('2026-03-26T08:00:00Z');
    await publishPost(story, 2);
    await story.until('2026-03-31T12:00:00Z');
    expect(templatesTo(story, 'com')).not.toContain('content-drought');
    await story.until('2026-04-02T08:00:00Z');
    expect(templatesTo(story, 'com').filter((template) => template === 'content-drought')).toHaveLength(1);
  });

  it('of jobs is brought to everybody who takes part', async () => {
    const post = { title: 'Product designer', url: 'https://jobs.example/1', category: 'job' };
    await story.content.post('/content/posts', post);
    await story.until('2026-04-02T12:00:00Z');
    for (const name of names)
      expect(await story.textOf(`${name}@x.example`, 'hiring-push')).toContain('Product designer');
  });
});

describe('a survey', () => {
  it('asks on the first working day of the quarter, and reminds who has not answered', async () => {
    expect(templatesTo(story, 'ann')).toContain('survey-enps');
    for (const name of names.slice(0, 4)) await answerFrom(story, name, 'survey-enps', '10');
    await story.until('2026-04-07T12:00:00Z');
    const asked = (name: string): number =>
      templatesTo(story, name).filter((template) => template === 'survey-enps').length;
    expect([asked('ann'), asked('eva')]).toEqual([1, 2]);
    await answerFrom(story, 'eva', 'survey-enps', '3');
    await story.settle();
  });

  it('tells everybody the result from five answers up', async () => {
    await story.until('2026-04-16T12:00:00Z');
    expect(await story.textOf('fay@x.example', 'survey-results')).toContain('The eNPS is 60');
    expect(await story.textOf('fay@x.example', 'survey-results')).toContain('5 colleagues answered');
  });

  it('below five answers tells the owners, and nobody the result', async () => {
    expect(await story.textOf('com@x.example', 'survey-too-few')).toContain('How was your month?');
    expect(templatesTo(story, 'ann').filter((template) => template === 'survey-results')).toHaveLength(1);
  });

  it('keeps nobody’s answer with the person', async () => {
    const [round] = await story.engagement.get<{ answers: number }[]>('/engagement/surveys/enps/rounds');
    expect(round).toMatchObject({ answers: 5, result: { score: 60 } });
    const runs = await story.engagement.get<{ id: string }[]>(
      `/engagement/runs?workflow=survey-enps&personId=${ids['eva']}`,
    );
    const run = await story.engagement.get(`/engagement/runs/${runs[0]!.id}`);
    expect(JSON.stringify(run)).not.toMatch(/"answer":\s*"?3/);
  });
});

describe('goals', () => {
  it('are reviewed on the morning after they fell due', async () => {
    await story.until('2026-04-24T12:00:00Z');
    const text = await story.textOf('com@x.example', 'goal-review');
    expect([text.includes('Posts shared'), text.includes('100')]).toEqual([true, true]);
  });
});

describe('a dip', () => {
  it('against what is usual is told to the owners', async () => {
    for (let week = 0; week < 4; week++) {
      for (let share = 0; share < 4; share++) {
        const post = await publishPost(story, 10 + week * 4 + share);
        for (const name of names) await shareOf(story, ids[name]!, post);
      }
      await story.until(new Date(Date.UTC(2026, 3, 30 + week * 7, 8)).toISOString());
    }
    expect(templatesTo(story, 'com')).not.toContain('dip-alarm');
    await story.until('2026-06-01T12:00:00Z');
    expect(templatesTo(story, 'com')).toContain('dip-alarm');
    // Nine weeks of everything that runs by itself.
  }, 150_000);
});
