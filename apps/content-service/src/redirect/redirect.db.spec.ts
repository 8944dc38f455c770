import { describe, expect, it } from '@jest/globals';
import { withSharing } from '../sharing/sharing.support.js';

const content = withSharing({ TRUST_PROXY: 'loopback' });
const { publish, person, share, shared, told, visit } = content;
const clicksOf = (shareId: string): Promise<{ credible: boolean; reasons: string[] }[]> =>
  content.service.query(
    `SELECT credible, reasons FROM clicks WHERE share_id = $1 ORDER BY cardinality(reasons), reasons`,
    [shareId],
  );
const from = (address: string): { headers: Record<string, string> } => ({
  headers: { 'x-forwarded-for': address },
});
const bot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

describe('a tracked link', () => {
  it('records a credible click and sends the visitor on to the stored target with its campaign', async () => {
    const url = 'https://target.test/article?id=7&utm_source=own';
    const { body } = await share(await publish({ url }), person(), { network: 'x' });
    const { status, headers } = await visit(`${new URL(body.link).pathname}?next=https://evil.test`);
    expect(status).toBe(302);
    const { host, searchParams } = new URL(headers['location']!);
    const campaign = ['id', 'utm_source', 'utm_medium', 'utm_campaign', 'next'].map((name) =>
      searchParams.get(name),
    );
    expect([host, ...campaign]).toEqual(['target.test', '7', 'own', 'employee_advocacy', 'laurel', null]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(headers['set-cookie']).toBeUndefined();
    expect(await clicksOf(body.id)).toEqual([{ credible: true, reasons: [] }]);
    expect((await told('link.clicked')).at(-1)).toMatchObject({
      shareId: body.id,
      network: 'x',
      credible: true,
    });
  });

  it('leads to the same place for HEAD, and records nothing', async () => {
    const { id, path } = await shared();
    const [head, get] = [await visit(path, { method: 'HEAD' }), await visit(path)];
    expect([head.status, head.headers['location']]).toEqual([302, get.headers['location']]);
    expect(await clicksOf(id)).toHaveLength(1);
  });

  it('sends bots, prefetches and repeats on as well, but does not believe them, and says why', async () => {
    const { id, path } = await shared();
    await visit(path, { agent: bot });
    await visit(path, { headers: { 'sec-purpose': 'prefetch' } });
    const answers = await Promise.all([
      visit(path),
      visit(path),
      visit(path),
      visit(path, from('198.18.0.1')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 302, 302]);
    expect(await clicksOf(id)).toEqual([
      { credible: true, reasons: [] },
      { credible: true, reasons: [] },
      ...[['known bot'], ['prefetch'], ['repeat'], ['repeat']].map((reasons) => ({
        credible: false,
        reasons,
      })),
    ]);
  });

  it('still leads to the article when its share was taken back, but earns nothing', async () => {
    const { id, path } = await shared();
    await content.service.call('DELETE', `/content/shares/${id}`);
    expect((await visit(path)).status).toBe(302);
    expect(await clicksOf(id)).toEqual([{ credible: false, reasons: ['withdrawn'] }]);
  });

  it('that was taken down says so, at once, in the visitor’s language', async () => {
    const { id, path } = await shared();
    await visit(path);
    await content.service.call('DELETE', `/content/shares/${id}?link=end`);
    const { status, text } = await visit(path, { headers: { 'accept-language': 'pl' } });
    expect([status, text.includes('Ten link został wycofany')]).toEqual([410, true]);
    expect(await clicksOf(id)).toHaveLength(1);
  });

  it.each(['x', 'A'.repeat(22), '%00', '..%2f..', '', 'A'.repeat(5000)])(
    'that nobody gave out leads to a friendly page: %j',
    async (id) => {
      const { status, text, headers } = await visit(`/l/${id}`, { headers: { 'accept-language': 'it' } });
      expect([status, text.includes('Questo link non porta da nessuna parte')]).toEqual([404, true]);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cache-control': 'no-store',
      });
    },
  );

  it('takes nothing but GET and HEAD', async () => {
    const { path } = await shared();
    expect((await visit(path, { method: 'POST' })).status).toBe(404);
  });
});

describe('a visitor', () => {
  it('who followed the honeypot link is not believed that day, and what was believed is taken back', async () => {
    const [before, after] = [await shared(), await shared()];
    await visit(before.path, from('198.18.7.7'));
    const trap = new URL((await content.service.call('GET', '/content/links/honeypot')).body.link).pathname;
    expect((await visit(trap, { ...from('198.18.7.7'), method: 'HEAD' })).status).toBe(404);
    expect(await clicksOf(before.id)).toEqual([{ credible: true, reasons: [] }]);
    expect((await visit(trap, from('198.18.7.7'))).status).toBe(404);
    await visit(after.path, from('198.18.7.7'));
    for (const { id } of [before, after])
      expect(await clicksOf(id)).toEqual([{ credible: false, reasons: ['honeypot'] }]);
    const { personId, postId } = before;
    expect(await told('link.doubted')).toEqual([
      {
        clickId: expect.any(String),
        shareId: before.id,
        personId,
        postId,
        network: 'linkedin',
        reason: 'honeypot',
      },
    ]);
  });

  it('is not known any more two days later', async () => {
    const count = async (): Promise<number> =>
      (await content.service.query(`SELECT FROM click_visitors`)).length;
    expect(await count()).toBeGreaterThan(0);
    await content.service.moveTo('2026-03-04T08:00:01Z');
    expect(await count()).toBe(0);
  });

  it('leaves neither address nor user agent', async () => {
    const { path } = await shared();
    await visit(path, from('198.18.3.4'));
    const dump = JSON.stringify([
      await content.service.query(`SELECT * FROM clicks`),
      await content.service.query(`SELECT * FROM click_visitors`),
      await told('link.clicked'),
    ]);
    expect(dump).not.toMatch(/198\.18|127\.0\.0\.1|::1|Mozilla|Firefox/);
    expect(dump).toContain('visitor');
  });
});
