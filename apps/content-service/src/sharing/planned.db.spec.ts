import { describe, expect, it } from '@jest/globals';
import { withSharing } from './sharing.support.js';

const content = withSharing();
const { person, publish, told } = content;
const plan = async (at: string, more: object = {}) =>
  content.service.call('POST', '/content/planned-shares', {
    postId: await publish(),
    personId: person(),
    network: 'linkedin',
    at,
    ...more,
  });
const due = async (id: string): Promise<object[]> =>
  (await told('share.due')).filter((data) => data['plannedShareId'] === id);
const path = (id: string, more = ''): string => `/content/planned-shares/${id}${more}`;

describe('a planned share', () => {
  it('is told of when its time has come, once, and then made', async () => {
    const { status, body } = await plan('2026-03-03T10:00:00+01:00', { caption: 'Tomorrow' });
    expect([status, body.status]).toEqual([201, 'planned']);
    await content.service.moveTo('2026-03-03T08:59:59Z');
    expect(await due(body.id)).toEqual([]);
    await content.service.moveTo('2026-03-03T09:00:00Z');
    await content.service.moveTo('2026-03-03T09:30:00Z');
    const { postId, personId } = body;
    expect(await due(body.id)).toEqual([
      { plannedShareId: body.id, postId, personId, network: 'linkedin', title: 'News' },
    ]);
    const [made, again] = [
      await content.service.call('POST', path(body.id, '/share')),
      await content.service.call('POST', path(body.id, '/share')),
    ];
    expect([made.body.caption, again.body.id]).toEqual(['Tomorrow', made.body.id]);
    expect(await told('content.shared')).toHaveLength(1);
  });

  it('can be moved, reworded and called off before', async () => {
    const [moved, off] = [await plan('2026-03-04T09:00:00Z'), await plan('2026-03-04T09:00:00Z')];
    const change = { at: '2026-03-05T09:00:00Z', caption: 'Better words' };
    expect((await content.service.call('PATCH', path(moved.body.id), change)).body).toMatchObject({
      caption: 'Better words',
    });
    expect((await content.service.call('DELETE', path(off.body.id))).body.status).toBe('cancelled');
    await content.service.moveTo('2026-03-04T09:00:00Z');
    expect([await due(moved.body.id), await due(off.body.id)]).toEqual([[], []]);
    await content.service.moveTo('2026-03-05T09:00:00Z');
    expect(await due(moved.body.id)).toHaveLength(1);
    expect((await content.service.call('POST', path(off.body.id, '/share'))).body.code).toBe(
      'planned_share_over',
    );
    const words = { caption: 'Too late' };
    expect((await content.service.call('PATCH', path(off.body.id), words)).body.code).toBe(
      'planned_share_over',
    );
  });

  it('that is put off after it was due is told of again at its new time', async () => {
    const { body } = await plan('2026-03-06T09:00:00Z');
    await content.service.moveTo('2026-03-06T09:00:00Z');
    await content.service.call('PATCH', path(body.id), { at: '2026-03-07T09:00:00Z' });
    await content.service.moveTo('2026-03-07T09:00:00Z');
    expect(await due(body.id)).toHaveLength(2);
  });

  it('of somebody who has left meanwhile is told to nobody', async () => {
    const { body } = await plan('2026-03-08T09:00:00Z');
    await content.service.query(`UPDATE people SET active = false WHERE person_id = $1`, [body.personId]);
    await content.service.moveTo('2026-03-08T09:00:00Z');
    expect(await due(body.id)).toEqual([]);
    const listed = await content.service.call('GET', `/content/planned-shares?personId=${body.personId}`);
    expect(listed.body).toEqual([]);
  });

  it('of somebody who is erased is called off, and nothing they wrote stays', async () => {
    const { body } = await plan('2026-03-09T09:00:00Z', { caption: 'My own words' });
    await content.share(body.postId, body.personId, { network: 'x', caption: 'More of them' });
    await content.erase(body.personId);
    await content.service.moveTo('2026-03-09T09:00:00Z');
    const { status, caption } = (
      await content.service.query<{ status: string; caption: string }>(
        `SELECT status, caption FROM planned_shares WHERE id = $1`,
        [body.id],
      )
    )[0]!;
    expect([await due(body.id), status, caption]).toEqual([[], 'cancelled', '']);
    const words = await content.service.query(`SELECT caption FROM shares WHERE person_id = $1`, [
      body.personId,
    ]);
    expect(words).toEqual([{ caption: '' }]);
  });

  it.each([
    ['2020-01-01T00:00:00Z', 'at_past'],
    ['2031-01-01T00:00:00Z', 'at_too_far'],
  ])('at %s is refused', async (at, code) => {
    expect(await plan(at)).toMatchObject({ status: 422, body: { code } });
  });
});
