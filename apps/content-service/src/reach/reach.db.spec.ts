import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { withSharing } from '../sharing/sharing.support.js';

const content = withSharing();
const { shared, told } = content;
const put = (id: string, figures: object) =>
  content.service.call('PUT', `/content/shares/${id}/measures`, figures);
const post = async (...reports: object[]) =>
  (await content.service.call('POST', '/content/measures', reports)).body;
const differences = async (shareId: string): Promise<[unknown, unknown][]> =>
  (await told('share.measured'))
    .filter((data) => data['shareId'] === shareId)
    .map(({ impressions, reactions }) => [impressions, reactions]);

describe('measured figures', () => {
  it('travel as differences, also when a correction lowers them, and not when nothing changed', async () => {
    const { id } = await shared();
    await put(id, { impressions: 1000, reactions: 5 });
    await put(id, { impressions: 400, reactions: 9 });
    await put(id, { impressions: 400, reactions: 9 });
    expect(await differences(id)).toEqual([
      [1000, 5],
      [-600, 4],
    ]);
  });

  it('that are older than what is known are kept and change nothing', async () => {
    const { id } = await shared();
    await put(id, { impressions: 50, measuredAt: '2026-03-02T07:00:00Z' });
    const late = await put(id, { impressions: 20, measuredAt: '2026-03-02T06:00:00Z' });
    expect(late.body).toMatchObject({ impressions: 50, difference: { impressions: 0 } });
    expect(await differences(id)).toEqual([[50, 0]]);
    const { body } = await content.service.call('GET', `/content/shares/${id}/measures`);
    expect(body.map(({ impressions }: { impressions: number }) => impressions)).toEqual([50, 20]);
  });

  it('add up also when reported many times at once', async () => {
    const { id } = await shared();
    await Promise.all(Array.from({ length: 10 }, () => put(id, { impressions: 700 })));
    expect(await differences(id)).toEqual([[700, 0]]);
  });

  it('are told of with the id in its one spelling', async () => {
    const { id } = await shared();
    expect((await put(id.toUpperCase(), { impressions: 3 })).body.shareId).toBe(id);
    expect(await differences(id)).toEqual([[3, 0]]);
  });

  it('of an unknown share, of tomorrow, or below nothing are refused', async () => {
    const { id } = await shared();
    expect((await put(newId(), { impressions: 1 })).body.code).toBe('share_unknown');
    expect((await put(id, { measuredAt: '2026-03-03T08:00:00Z' })).body.code).toBe('measured_in_future');
    expect((await put(id, { impressions: -1 })).body.errors[0].path).toBe('impressions');
    expect(await differences(id)).toEqual([]);
  });
});

describe('a batch of figures', () => {
  it('names shares by id, by link or by the partner’s own id, and is answered in its order', async () => {
    const [one, two] = [await shared(), await shared()];
    const reported = { externalId: 'mine', postId: one.postId, personId: one.personId, network: 'x' };
    const [{ share }] = (await content.service.call('POST', '/content/shares/reported', [reported])).body;
    const outcomes = await post(
      { link: two.link, impressions: 2 },
      { shareId: newId(), impressions: 9 },
      { externalId: 'mine', impressions: 3 },
      { shareId: one.id, impressions: 1 },
      { link: 'https://elsewhere.test/l/short', impressions: 9 },
    );
    expect(outcomes).toMatchObject([
      { shareId: two.id, impressions: 2 },
      { refused: expect.stringContaining('there is no share') },
      { shareId: share.id, impressions: 3 },
      { shareId: one.id, impressions: 1 },
      { refused: expect.stringContaining('there is no share') },
    ]);
  });

  it('with several of one share comes to the newest and is told as one difference', async () => {
    const { id } = await shared();
    const [later, earlier] = ['2026-03-02T07:00:00Z', '2026-03-02T05:00:00Z'];
    await post(
      { shareId: id, impressions: 70, measuredAt: later },
      { shareId: id, impressions: 10, measuredAt: earlier },
      { shareId: id, impressions: 80, measuredAt: later },
    );
    expect(await differences(id)).toEqual([[80, 0]]);
  });

  it('must name each share once', async () => {
    const { id, link } = await shared();
    const { status, body } = await content.service.call('POST', '/content/measures', [{ shareId: id, link }]);
    expect([status, body.errors[0].message]).toEqual([
      400,
      'name the share by one of shareId, link and externalId',
    ]);
  });

  it('comes as a file too, with every bad line told', async () => {
    const { id, link } = await shared();
    const lines = [
      'link;impressions;reactions;measured_at',
      `${link};120;;2026-03-02T07:00:00Z`,
      `${link};many;1;`,
      'https://content.test/l/unknown;1;1;',
      `${link};1;1;2027-01-01T00:00:00Z`,
    ];
    const body = lines.join('\n');
    const answer = await content.service.call('POST', '/content/measures/import', body, { type: 'text/csv' });
    expect(answer.body).toEqual({
      taken: 1,
      rejected: [
        { line: 3, errors: ['impressions: must be a whole number, 0 or more'] },
        { line: 4, errors: [expect.stringContaining('there is no share')] },
        { line: 5, errors: [expect.stringContaining('has not come yet')] },
      ],
    });
    expect(await differences(id)).toEqual([[120, 0]]);
  });
});
