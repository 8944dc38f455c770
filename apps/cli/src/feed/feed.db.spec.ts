import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const feed =
  '<rss version="2.0"><channel><title>News</title><item><title>One</title><link>/1</link></item></channel></rss>';
const web = createServer((_request, response) => response.end(feed));
let folder: string;
let host: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laurel-feed-'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterAll(async () => {
  web.close();
  await rm(folder, { recursive: true });
});

const read = async (...sources: string[]): Promise<Record<string, unknown>[]> => {
  const command = ['dist/apps/cli/src/main.js', 'feed', 'read', ...sources];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('laurel feed read', () => {
  it('prints a line for each source in their order, and goes on after one that cannot be read', async () => {
    const [good, page, missing] = ['good.xml', 'page.html', 'missing.xml'].map((name) => join(folder, name));
    await writeFile(good!, feed);
    await writeFile(page!, '<html></html>');
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const item = {
      id: 'One',
      title: 'One',
      url: null,
      summary: '',
      publishedAt: null,
      author: null,
      image: null,
    };
    expect(await read(good!, page!, missing!, folder, '/dev/zero', pipe, good!)).toEqual([
      { source: good, title: 'News', items: [item] },
      { source: page, error: 'is a web page, not a feed, and it names no feed' },
      { source: missing, error: 'there is no such file' },
      { source: folder, error: 'is no file' },
      { source: '/dev/zero', error: 'is no file' },
      { source: pipe, error: 'is no file' },
      { source: good, title: 'News', items: [item] },
    ]);
  });

  it('asks addresses by the guarded way out', async () => {
    const url = `http://${host}/feed`;
    expect(await read(url)).toEqual([{ source: url, error: '127.0.0.1 is not a public address' }]);
    expect(await read(url, '--allow-host', host)).toMatchObject([{ items: [{ url: `http://${host}/1` }] }]);
  });
});
