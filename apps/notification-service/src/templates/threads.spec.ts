import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Catalogue } from './catalogue.js';
import type { Loading } from './loader.js';
import { PROGRAMME, withTemplates } from './folder.support.js';
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
