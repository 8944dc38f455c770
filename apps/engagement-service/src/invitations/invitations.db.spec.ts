import { describe, expect, it } from '@jest/globals';
import { newId, signToken } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { InvitationsService } from './invitations.service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

const told = async (type: string): Promise<{ personId: string; change?: string }[]> =>
  (
    await service.query<{ envelope: string }>(`SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`, [
      `laurel.evt.${type}`,
    ])
  ).map(({ envelope }) => JSON.parse(envelope).data);

describe('an invitation', () => {
  const invite = (personIds: string[], wave = 'first wave') =>
    service.call('POST', '/engagement/invitations', { wave, personIds });
  const linkOf = async (personId: string): Promise<{ id: string; path: string }> => {
    const [row] = await service.query<{ id: string }>(`SELECT id FROM invitations WHERE person_id = $1`, [
      personId,
    ]);
    const [link] = await service.app.get(InvitationsService, { strict: false }).links([row!.id]);
    return { id: row!.id, path: new URL(link!.url).pathname };
  };
  const visit = (method: string, path: string) => service.call(method, path, undefined, { key: null });
  const acceptedAt = async (id: string): Promise<unknown> =>
    (
      await service.query<{ accepted_at: Date | null }>(`SELECT accepted_at FROM invitations WHERE id = $1`, [
        id,
      ])
    )[0]!.accepted_at;

  it('is sent once to each person of a wave', async () => {
    const people = [await addPerson(service, 'ina@inv.test'), await addPerson(service, 'ivo@inv.test')];
    expect((await invite([...people, people[0]!])).body).toEqual({ invited: 2, alreadyInvited: 1 });
    const again = await Promise.all([invite(people), invite(people)]);
    expect(again.map(({ body }) => body.invited)).toEqual([0, 0]);
    expect(await told('invitation.sent')).toHaveLength(2);
  });

  it('names people nobody knows and then invites no one', async () => {
    const stranger = newId();
    const { status, body } = await invite([await addPerson(service, 'kim@inv.test'), stranger], 'strangers');
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'person_unknown',
      errors: [{ message: `there is no person "${stranger}"` }],
    });
    expect(await service.query(`SELECT FROM invitations WHERE wave = 'strangers'`)).toEqual([]);
  });

  it('is shown by GET and HEAD without changing anything, and accepted by POST once', async () => {
    const person = await addPerson(service, 'uma@inv.test', { locale: 'it', name: 'Uma <b>' });
    await invite([person]);
    const { id, path } = await linkOf(person);
    const page = await visit('GET', path);
    await visit('HEAD', path);
    expect(page).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
    expect(page.text).toContain('Ciao Uma &lt;b&gt;');
    expect(page.text).toContain('<form method="post">');
    expect(await acceptedAt(id)).toBeNull();
    const answers = await Promise.all([visit('POST', path), visit('POST', path), visit('POST', path)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await acceptedAt(id)).toEqual(new Date('2026-03-02T08:00:00Z'));
    expect((await told('invitation.accepted')).filter(({ personId }) => personId === person)).toHaveLength(1);
    expect((await visit('GET', path)).text).not.toContain('<form');
  });

  it('refuses a forged or foreign token kindly', async () => {
    const person = await addPerson(service, 'pia@inv.test');
    await invite([person]);
    const { id, path } = await linkOf(person);
    const foreign = signToken(
      'another secret that is also long enough',
      'invitation',
      id,
      new Date('2027-01-01'),
    );
    const crossed = signToken(
      'a secret that only tests use, and nobody else',
      'unsubscribe',
      id,
      new Date('2027-01-01'),
    );
    for (const token of ['nonsense', `${path.slice(3, -1)}x`, foreign, crossed, `${id}.zzzzzz.AAAA`]) {
      const { status, text } = await visit('POST', `/i/${token}`);
      expect([status, /This link does not work/.test(text)]).toEqual([404, true]);
    }
    expect(await acceptedAt(id)).toBeNull();
  });

  it('that has run out says so in the language of the person', async () => {
    const person = await addPerson(service, 'ola@inv.test', { locale: 'pl-PL' });
    await service.call('POST', '/engagement/invitations', {
      wave: 'short',
      personIds: [person],
      expiresInDays: 1,
    });
    const { id, path } = await linkOf(person);
    await service.moveTo('2026-03-04T08:00:00Z');
    const { status, text } = await visit('POST', path);
    expect(status).toBe(410);
    expect(text).toContain('To zaproszenie wygasło');
    expect(await acceptedAt(id)).toBeNull();
  });
});

describe('somebody invited in two waves', () => {
  it('accepts both at once, and links of either are given out no more', async () => {
    const person = await addPerson(service, 'twice@waves.test');
    for (const wave of ['first', 'second'])
      await service.call('POST', '/engagement/invitations', { wave, personIds: [person] });
    const rows = await service.query<{ id: string }>(
      `SELECT id FROM invitations WHERE person_id = $1 ORDER BY sent_at, wave`,
      [person],
    );
    const invitations = service.app.get(InvitationsService, { strict: false });
    expect(await invitations.links(rows.map(({ id }) => id))).toHaveLength(2);
    await invitations.accept(rows[1]!.id);
    expect(await invitations.links(rows.map(({ id }) => id))).toEqual([]);
    const accepted = await told('invitation.accepted');
    expect(accepted.filter(({ personId }) => personId === person)).toHaveLength(2);
  });
});
