import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { useNotification } from '../../test/running-service.js';
import type { RunningService } from '../../test/running-service.js';

let service: RunningService;

useNotification((started) => (service = started));

describe('REST', () => {
  it('lists, counts and tells the timeline of deliveries, for keys only', async () => {
    const person = service.engagement.person();
    const { adminKey: key } = service.engagement;
    const intents = ['first-share', 'ten-shares', 'click-magnet'].map((badge) =>
      service.request(person.personId, 'badge-earned', { badge }),
    );
    await service.quiet();
    expect((await service.http('GET', '/notification/deliveries')).status).toBe(401);
    const first = JSON.parse(
      (await service.http('GET', `/notification/deliveries?personId=${person.personId}&limit=2`, { key }))
        .body,
    );
    const rest = JSON.parse(
      (
        await service.http(
          'GET',
          `/notification/deliveries?personId=${person.personId}&limit=2&after=${first.next}`,
          { key },
        )
      ).body,
    );
    const listed = [...first.items, ...rest.items].map(({ intentKey }) => intentKey);
    expect(new Set(listed)).toEqual(new Set(intents));
    expect(rest.next).toBeNull();
    const one = JSON.parse(
      (await service.http('GET', `/notification/deliveries/${first.items[0].id}`, { key })).body,
    );
    expect(one.timeline.map(({ state }: { state: string }) => state)).toEqual([
      'intended',
      'sending',
      'sent',
    ]);
    const summary = JSON.parse((await service.http('GET', '/notification/deliveries/summary', { key })).body);
    expect(summary).toContainEqual({ template: 'badge-earned', state: 'sent', count: expect.any(Number) });
    expect((await service.http('GET', '/notification/deliveries?limit=0', { key })).status).toBe(400);
    expect((await service.http('GET', `/notification/deliveries/${newId()}`, { key })).status).toBe(404);
  });

  it('finds deliveries by workflow, time and words of the reason', async () => {
    const { adminKey: key } = service.engagement;
    const person = service.engagement.person({ name: 'Eve\r\nBcc: x@people.example' });
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const find = async (query: string): Promise<string[]> => {
      const path = `/notification/deliveries?personId=${person.personId}&${query}`;
      const { items } = JSON.parse((await service.http('GET', path, { key })).body) as {
        items: { intentKey: string }[];
      };
      return items.map(({ intentKey }) => intentKey);
    };
    const [now, later] = [0, 1].map((ms) => new Date(service.now().getTime() + ms).toISOString());
    expect(await find('text=LINE%20break')).toEqual([intent]);
    expect(await find('text=100%25')).toEqual([]);
    expect(await find('workflow=test')).toEqual([intent]);
    expect(await find('workflow=other')).toEqual([]);
    expect(await find(`from=${now}&to=${later}`)).toEqual([intent]);
    expect(await find(`to=${now}`)).toEqual([]);
  });

  it('tells everything that happened to the mails of a person, page by page', async () => {
    const { adminKey: key } = service.engagement;
    const person = service.engagement.person();
    for (const badge of ['first-share', 'ten-shares']) {
      service.request(person.personId, 'badge-earned', { badge });
      await service.quiet();
    }
    const path = `/notification/deliveries/people/${person.personId}/timeline`;
    const seen: string[] = [];
    for (let before = ''; ;) {
      const page = JSON.parse((await service.http('GET', `${path}?limit=4${before}`, { key })).body);
      seen.push(...page.items.map(({ state }: { state: string }) => state));
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    expect(seen).toEqual(['sent', 'sending', 'intended', 'sent', 'sending', 'intended']);
    expect((await service.http('GET', path)).status).toBe(401);
  });

  it('sends again by hand, for a reason that is noted with who gave it', async () => {
    const { adminKey: key } = service.engagement;
    const person = service.engagement.person({ active: false });
    const intent = service.request(person.personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const { id } = await service.delivery(intent);
    const path = `/notification/deliveries/${id}`;
    expect((await service.http('POST', `${path}/resend`, { key })).status).toBe(400);
    service.engagement.contacts.set(person.personId, { ...person, active: true });
    service.tell('person.changed', { personId: person.personId, change: 'updated' });
    await service.quiet();
    const form = new URLSearchParams({ reason: 'she is back' });
    expect((await service.http('POST', `${path}/resend`, { key, form })).status).toBe(202);
    await service.quiet();
    const { state, timeline } = JSON.parse((await service.http('GET', path, { key })).body);
    expect(state).toBe('sent');
    expect(timeline.map(({ detail }: { detail: string }) => detail)).toContain(
      'sent again by test: she is back',
    );
  });

  it('shows templates and their previews', async () => {
    const { adminKey: key } = service.engagement;
    const list: { id: string; locales: string[] }[] = JSON.parse(
      (await service.http('GET', '/notification/templates', { key })).body,
    );
    expect(list.find(({ id }) => id === 'invite')!.locales).toEqual(['en', 'it', 'ms', 'pl']);
    const text = await service.http('GET', '/notification/templates/invite/preview?locale=ms&part=text', {
      key,
    });
    expect(text.body).toContain('Anda dijemput');
    const html = await service.http('GET', '/notification/templates/invite/preview?locale=de', { key });
    expect(html.body).toContain('<html lang="en"');
    expect((await service.http('GET', '/notification/templates/nope/preview', { key })).status).toBe(404);
  });
});
