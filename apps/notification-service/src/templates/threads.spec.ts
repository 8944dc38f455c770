import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Catalogue } from './catalogue.js';
import type { Loading } from './loader.js';
import { PROGRAMME, lint, withTemplates } from './folder.support.js';
import { readProgramme } from '../programme/programme.js';
import { Threads, ThreadsDown } from './threads.js';
import { sampleLinks as links } from './writer.js';
import type { Order } from './writer.js';

const LIMITS = { letterMs: 800, loadMs: 60_000, memoryMb: 256 };
const programme: Loading = { directory: `${PROGRAMME}/templates`, settings: readProgramme(PROGRAMME) };

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

describe('the threads that write letters', () => {
  let threads: Threads;
  let catalogue: Catalogue;
  beforeAll(async () => {
    threads = new Threads(LIMITS, 2);
    catalogue = await threads.use(programme);
  });
  afterAll(() => threads.close());

  it('tell what there is to write with', () => {
    expect(catalogue.entries.get('invite')?.locales).toEqual(['en', 'it', 'ms', 'pl']);
    expect(catalogue.languages.get('it')?.colleague).not.toBe(catalogue.languages.get('en')?.colleague);
  });

  it('write them in the order they were given, whichever thread is faster', async () => {
    const written = await threads.write(Array.from({ length: 120 }, (_, clicks) => order(clicks)));
    const subjects = written.map((result) => ('letter' in result ? result.letter.subject : ''));
    expect(subjects.map((subject) => /\d+/.exec(subject)?.[0])).toEqual(
      Array.from({ length: 120 }, (_, clicks) => String(clicks)),
    );
  });

  it('tell why one cannot be written, and write the others', async () => {
    const [first, second, third] = await threads.write([
      order(1),
      { ...order(2), data: {} },
      { ...order(3), id: 'no' },
    ]);
    expect(first).toHaveProperty('letter.locale', 'en');
    expect(second).toHaveProperty('error.kind', 'programme');
    expect(third).toEqual({ error: expect.objectContaining({ kind: 'domain', code: 'template_unknown' }) });
  });

  it('keep what they have when other templates are wrong', async () => {
    await withTemplates({ 'en/invite.yaml': 'subject: [' }, async (wrong) => {
      await expect(threads.use(wrong)).rejects.toThrow(/en\/invite\.yaml:1/);
    });
    expect((await threads.write([order(7)]))[0]).toHaveProperty('letter.locale', 'en');
  });
});

describe('threads that are stopped', () => {
  it('blame no letter for it', async () => {
    const threads = new Threads(LIMITS, 1);
    await threads.use(programme);
    const written = threads.write(Array.from({ length: 100 }, (_, clicks) => order(clicks)));
    await Promise.all([expect(written).rejects.toThrow(ThreadsDown), threads.close()]);
  });
});

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

  it('is no finding of the lint as long as its sample is small', async () => {
    expect(await lint('goal-review', {})).toEqual([]);
  });
});
