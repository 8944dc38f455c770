import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { withSharing } from './sharing.support.js';

const content = withSharing();
const { person, publish, told } = content;
let externals = 0;
const report = async (more: object = {}): Promise<object> => ({
  externalId: `ext-${++externals}`,
  postId: await publish(),
  personId: person(),
  network: 'facebook',
  ...more,
});
const send = async (...reports: object[]) =>
  (await content.service.call('POST', '/content/shares/reported', reports)).body;

describe('shares reported by a partner', () => {
  it('are recorded as confirmed, and once however often they are told', async () => {
    const reports = [await report({ sharedAt: '2026-03-01T09:00:00Z' }), await report()];
    const [first, second] = [await send(...reports), await send(...reports)];
    expect(first).toEqual([
      {
        recorded: true,
        share: expect.objectContaining({ status: 'confirmed', sharedAt: '2026-03-01T09:00:00.000Z' }),
      },
      { recorded: true, share: expect.objectContaining({ confirmedBy: 'partner' }) },
    ]);
    expect(second).toEqual(first.map((outcome: object) => ({ ...outcome, recorded: false })));
    expect([(await told('content.shared')).length, (await told('share.confirmed')).length]).toEqual([2, 2]);
  });

  it('are refused one by one, with the reason, while the others are taken', async () => {
    const [gone, good] = [person({ active: false }), await report()];
    const outcomes = await send(
      await report({ personId: newId() }),
      await report({ personId: gone }),
      await report({ postId: newId() }),
      good,
      { ...good, network: 'x' },
      await report({ sharedAt: '2026-03-02T08:00:01Z' }),
    );
    expect(outcomes).toEqual([
      { refused: expect.stringContaining('there is no person') },
      { refused: expect.stringContaining('does not take part') },
      { refused: expect.stringContaining('there is no published post') },
      { recorded: true, share: expect.anything() },
      { refused: expect.stringContaining('is there twice') },
      { refused: expect.stringContaining('has not come yet') },
    ]);
  });

  it('under an id that belongs to another share are refused alone', async () => {
    const [first, good] = [(await report()) as { externalId: string }, await report()];
    await send(first);
    const taken = await report({ externalId: first.externalId });
    expect(await send(taken, good)).toEqual([
      { refused: `externalId: The external id "${first.externalId}" belongs to another share.` },
      { recorded: true, share: expect.anything() },
    ]);
  });

  it.each([
    'http://127.0.0.1/',
    'http://intranet/',
    'http://x.internal./',
    'https://user:pw@host.test/',
    'no',
  ])('that stand at %s are no reports', async (postUrl) => {
    const body = [await report({ postUrl })];
    expect((await content.service.call('POST', '/content/shares/reported', body)).body.code).toBe(
      'invalid_input',
    );
  });

  it('come as a file of many lines, in which an id twice is found however far apart', async () => {
    const { postId, personId } = (await report()) as Record<string, string>;
    const line = (id: number): string => `many-${id},${postId},${personId},x`;
    const people = Array.from({ length: 1_100 }, (_, n) => `who-${n},${postId},${newId()},x`);
    const ids = [...Array.from({ length: 600 }, (_, n) => n), 0];
    const file = ['external_id,post_id,person_id,network', ...people, ...ids.map(line)].join('\n');
    const { body } = await content.service.call('POST', '/content/shares/reported/import', file, {
      type: 'text/csv',
    });
    expect([body.recorded, body.known, body.rejected.length]).toEqual([600, 0, 1_101]);
    expect(body.rejected.at(-1)).toEqual({
      line: 1_702,
      errors: [expect.stringContaining('is there twice')],
    });
  });

  it('come as a file as well, with every bad line told', async () => {
    const { externalId, postId, personId } = (await report()) as Record<string, string>;
    const lines = [
      'external_id,post_id,person_id,network,shared_at',
      `${externalId},${postId},${personId},linkedin,2026-03-01T10:00:00Z`,
      `again,${postId},nobody,linkedin,`,
      `again,${postId},${newId()},x,`,
    ];
    const imported = () =>
      content.service.call('POST', '/content/shares/reported/import', lines.join('\n'), { type: 'text/csv' });
    const rejected = [
      { line: 3, errors: [expect.stringMatching(/^person_id: /)] },
      { line: 4, errors: [expect.stringContaining('there is no person')] },
    ];
    expect((await imported()).body).toEqual({ recorded: 1, known: 0, rejected });
    expect((await imported()).body).toEqual({ recorded: 0, known: 1, rejected });
  });
});
