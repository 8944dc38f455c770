import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { createTransport, type Transporter } from 'nodemailer';
import { startCatcher, type Catcher } from './catcher.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function ask(url: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.once('error', reject).end();
  });
}

describe('the mail catcher', () => {
  let catcher: Catcher;
  let transport: Transporter;
  const send = (to: string, subject: string, more: object = {}): Promise<unknown> =>
    transport.sendMail({
      from: 'Laurel <laurel@example.com>',
      to,
      subject,
      text: `Dear ${to}`,
      html: `<p>Dear ${to}</p>`,
      ...more,
    });

  beforeAll(async () => {
    catcher = await startCatcher();
    transport = createTransport(`${catcher.smtpUrl}?pool=true`);
  });
  afterAll(async () => {
    transport.close();
    await catcher.stop();
  });
  beforeEach(() => catcher.clear());

  it('keeps what was sent, newest first, by the addresses of the envelope', async () => {
    await send('ann@example.com', 'Łódź żółw', {
      bcc: 'hidden@example.com',
      headers: { 'X-Laurel-Template': 'invitation' },
    });
    await send('bob@example.com', 'Second');
    const [second, first] = catcher.messages();
    expect(second).toMatchObject({ subject: 'Second', recipients: ['bob@example.com'], template: '' });
    expect(first).toMatchObject({
      subject: 'Łódź żółw',
      template: 'invitation',
      recipients: ['ann@example.com', 'hidden@example.com'],
    });
    expect(await catcher.read(first?.id ?? 0)).toMatchObject({
      text: 'Dear ann@example.com',
      html: '<p>Dear ann@example.com</p>',
    });
  });

  it('answers the same over its API, narrowed by recipient and by words of the text', async () => {
    await send('ann@example.com', 'One', { text: 'A rare word: syzygy' });
    await send('bob@example.com', 'Two');
    const subjects = async (path: string): Promise<string[]> =>
      (JSON.parse((await ask(catcher.url + path)).body) as { subject: string }[]).map(
        ({ subject }) => subject,
      );
    expect(await subjects('/api/messages')).toEqual(['Two', 'One']);
    expect(await subjects('/api/messages?to=ANN@example.com')).toEqual(['One']);
    expect(await subjects('/api/messages?q=syzygy')).toEqual(['One']);
    const id = catcher.messages()[0]?.id;
    const message = JSON.parse((await ask(`${catcher.url}/api/messages/${id}`)).body) as object;
    expect(message).toMatchObject({
      subject: 'Two',
      text: 'Dear bob@example.com',
      headers: expect.arrayContaining([{ name: 'subject', value: 'Two' }]),
    });
    expect((await ask(`${catcher.url}/api/messages`, 'DELETE')).status).toBe(204);
    expect(catcher.messages()).toEqual([]);
  });

  it('shows a mail as foreign matter: escaped, sandboxed, and with no script allowed', async () => {
    await send('ann@example.com', '<script>alert(1)</script>', {
      html: `<p title="x">'hi'</p><script>alert(2)</script>`,
    });
    const { body: list } = await ask(catcher.url);
    expect(list).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const { body, headers } = await ask(`${catcher.url}/messages/${catcher.messages()[0]?.id}`);
    expect(body).not.toContain('<script>');
    expect(body).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="&lt;base');
    expect(body).toContain('&lt;p title=&quot;x&quot;&gt;&#39;hi&#39;&lt;/p&gt;');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('shows the text, the headers, and what is missing', async () => {
    await send('ann@example.com', 'Only text', { html: undefined });
    const page = `${catcher.url}/messages/${catcher.messages()[0]?.id}`;
    expect((await ask(page)).body).toContain('<pre>Dear ann@example.com');
    expect((await ask(`${page}?tab=headers`)).body).toContain('Subject: Only text');
    expect((await ask(`${page}?tab=html`)).body).toContain('no HTML part');
    expect((await ask(`${catcher.url}/messages/999999`)).status).toBe(404);
    expect((await ask(`${catcher.url}/?q=nobody`)).body).toContain('No mail matches “nobody”');
  });

  it('answers to no foreign name and to no other method', async () => {
    expect((await ask(catcher.url, 'GET', { host: 'evil.example:80' })).status).toBe(421);
    expect((await ask(catcher.url, 'POST')).status).toBe(405);
  });
});
