import { describe, expect, it } from '@jest/globals';
import { Requests } from '#libs/messaging';
import type { Answer } from '../../../../test/support/service.js';
import { withSharing } from './sharing.support.js';

const content = withSharing();
const { person, publish, told } = content;

/** A planned share whose time has come, and the path of the link its mail shows. */
async function ready(caption = 'Look <b>here</b>', locale = 'it'): Promise<{ id: string; path: string }> {
  const share = { postId: await publish(), personId: person({ locale }), network: 'bluesky', caption };
  const at = '2026-03-03T09:00:00Z';
  const { body } = await content.service.call('POST', '/content/planned-shares', { ...share, at });
  const { links } = await content.service.app
    .get(Requests)
    .ask('shares.links', { plannedShareIds: [body.id] });
  return { id: body.id, path: new URL(links[0]!.url).pathname };
}
const open = (method: string, path: string): Promise<Answer> =>
  content.service.call(method, path, undefined, { key: null });

describe('the page of a planned share', () => {
  it('shows what will be said, in the person\u2019s language, and changes nothing', async () => {
    const { id, path } = await ready();
    for (const method of ['GET', 'HEAD', 'GET']) expect((await open(method, path)).status).toBe(200);
    const { text, headers } = await open('GET', path);
    expect(text).toContain('La tua condivisione è pronta');
    expect(text).toContain('Look &lt;b&gt;here&lt;/b&gt;');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect((await content.service.call('GET', `/content/planned-shares/${id}`)).body.status).toBe('planned');
    expect(await told('content.shared')).toEqual([]);
  });

  it('makes the share once, however often its button is pressed, and leads to the network', async () => {
    const { id, path } = await ready();
    const [first, second] = [await open('POST', path), await open('POST', path)];
    expect([first.status, second.status, second.text]).toEqual([200, 200, first.text]);
    expect(first.text).toContain('href="https://bsky.app/intent/compose?');
    expect(await told('content.shared')).toHaveLength(1);
    expect((await content.service.call('GET', `/content/planned-shares/${id}`)).body.status).toBe('shared');
  });

  it('knows from where it was opened: visits from there are the person\u2019s own, others are not', async () => {
    const { path } = await ready();
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
    const headers = { 'user-agent': agent };
    const { text } = await content.service.call('POST', path, undefined, { key: null, headers });
    const link = `/l/${/%2Fl%2F([\w-]{22})/.exec(text)![1]}`;
    for (const visitor of [agent, agent.replaceAll('128', '140')])
      await content.visit(link, { agent: visitor });
    expect((await told('link.clicked')).map(({ reasons }) => reasons)).toEqual([['own visit'], []]);
  });

  it('of a share that was called off says so', async () => {
    const { id, path } = await ready();
    await content.service.call('DELETE', `/content/planned-shares/${id}`);
    expect([(await open('GET', path)).status, (await open('POST', path)).status]).toEqual([410, 410]);
  });

  it('is kind about a link that is forged', async () => {
    const { path } = await ready();
    const { status, text } = await open('GET', `${path}x`);
    expect([status, text.includes('This link does not work')]).toEqual([404, true]);
  });

  it('stands open for two weeks', async () => {
    const { path } = await ready();
    await content.service.moveTo('2026-03-17T09:00:01Z');
    expect((await open('GET', path)).status).toBe(404);
  });
});
