import { describe, expect, it } from '@jest/globals';
import { serveFeeds } from '../../apps/cli/src/demo/feeds.js';
import { differences, figuresOverRest, type Figures } from '../../apps/cli/src/demo/figures.js';
import { BEGIN, playDemo } from '../../apps/cli/src/demo/play.js';
import { beginStory } from '../support/story.js';

const silent = { at: () => undefined, stop: () => undefined };

/** The first days of the demo on a suite of its own. */
async function play(name: string, seed: number): Promise<{ figures: Figures; told: string[] }> {
  const feeds = await serveFeeds(BEGIN, () => BEGIN);
  const env = { TRUST_PROXY: '127.0.0.1', CONTENT_ALLOW_HOSTS: feeds.host, CONTENT_UNFURL: 'false' };
  const story = await beginStory(name, BEGIN.toISOString(), { env, logLevel: 'warn' });
  try {
    await playDemo({
      suite: story.suite,
      client: story,
      feeds,
      seed,
      days: 9,
      progress: silent,
      signal: new AbortController().signal,
    });
    await story.settle();
    const figures = await figuresOverRest(story);
    return { figures, told: await differences(figures, story.suite) };
  } finally {
    await story.end();
    await feeds.stop();
  }
}

describe('the demo', () => {
  it('plays the same days with the same seed, and its table is what the databases say', async () => {
    const first = await play('demo_a', 7);
    const second = await play('demo_b', 7);
    expect(first.told).toEqual([]);
    expect(second.figures).toEqual(first.figures);
    expect(first.figures.shares).toBeGreaterThan(20);
    expect(first.figures.boards).toBe(1);
  }, 300_000);
});
