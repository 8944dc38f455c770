import { describe, expect, it } from '@jest/globals';
import { lint, withTemplates } from './folder.support.js';
import { Threads } from './threads.js';
import { sampleLinks as links } from './writer.js';
import type { Order } from './writer.js';

const LIMITS = { letterMs: 800, loadMs: 60_000, memoryMb: 256 };

const order = (clicks: number): Order => ({
  id: 'validation-personal',
  to: { name: 'Anna Example', locale: 'en' },
  data: { clicks },
  links,
});
const goals = (items: number): Order => ({
  ...order(0),
  id: 'goal-review',
  data: {
    months: 3,
    items: Array.from({ length: items }, () => ({ name: 'n', target: 1, value: 1, reached: true })),
  },
});
/** Four lists in each other: with a few items it is done at once, with hundreds never. */
const LOOPS = `{{#each items}}${'{{#each ../items}}'.repeat(3).replaceAll('../items', '@root.items')}${'{{/each}}'.repeat(3)}{{/each}}`;

describe('a template that loops', () => {
  it('is stopped with the reason, while the letters around it are written', async () => {
    const threads = new Threads(LIMITS, 1);
    const file = `subject: Goals of the programme\npreview: p\nheading: h\nparagraphs: '${LOOPS}'\nitem: i\nclosing: c\n`;
    await withTemplates({ 'en/goal-review.yaml': file }, async (loading) => {
      await threads.use(loading);
      const written = await threads.write([
        order(1),
        goals(2),
        goals(2_000),
        order(4),
        goals(2_000),
        order(6),
      ]);
      const stopped = '"goal-review" could not be written: it took longer than 0.8 s and was stopped';
      expect(written.map((result) => ('letter' in result ? 'written' : result.error))).toEqual([
        'written',
        'written',
        { kind: 'other', message: stopped },
        'written',
        { kind: 'other', message: stopped },
        'written',
      ]);
    });
    await threads.close();
  });

  it('is stopped as well when it wants all the memory, before it gets to the time', async () => {
    const threads = new Threads({ letterMs: 40_000, loadMs: 60_000, memoryMb: 128 }, 1);
    const much = '{{#each items}}{{#each @root.items}}{{name}} and {{target}} more; {{/each}}{{/each}}';
    const file = `subject: Goals of the programme\npreview: p\nheading: h\nparagraphs: '${much}'\nitem: i\nclosing: c\n`;
    await withTemplates({ 'en/goal-review.yaml': file }, async (loading) => {
      await threads.use(loading);
      const written = await threads.write([order(1), goals(3_000), order(3)]);
      expect(written.map((result) => ('letter' in result ? 'written' : result.error))).toEqual([
        'written',
        { kind: 'other', message: '"goal-review" could not be written: it took more than 128 MB' },
        'written',
      ]);
    });
    await threads.close();
  });

  it('is no finding of the lint as long as its sample is small', async () => {
    expect(await lint('goal-review', {})).toEqual([]);
  });
});
