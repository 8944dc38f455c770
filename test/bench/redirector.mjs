import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compare, load, withSuite } from './support.mjs';

const SECONDS = 4;
const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';
const addressOf = (number) => `198.${18 + ((number >> 16) & 1)}.${(number >> 8) & 255}.${number & 255}`;

/** Redirects a second, every click recorded durably, beside a bare Fastify handler answering a constant 302. */
export async function bench() {
  const baseline = fork(fileURLToPath(new URL('baseline-redirect.mjs', import.meta.url)));
  const [origin] = await once(baseline, 'message');
  await withSuite(async (client, suite) => {
    await client.engagement.send(
      '/engagement/people/import',
      'text/csv',
      'email,name,zone\nada@x.example,Ada,Europe/Rome\n',
    );
    const [person] = await client.engagement.get('/engagement/people');
    const post = await client.content.post('/content/posts', {
      title: 'A',
      url: 'https://blog.example/1',
      category: 'company',
    });
    const share = await client.content.post('/content/shares', {
      postId: post.id,
      personId: person.id,
      network: 'linkedin',
    });
    const path = new URL(share.link).pathname;
    let visitor = 0;
    const request = () => ({
      method: 'GET',
      path,
      headers: { 'user-agent': browser, 'x-forwarded-for': addressOf(visitor++) },
    });
    await compare(
      'redirects',
      () => load(origin, request, SECONDS),
      () => load(suite.urls.content, request, SECONDS),
    );
  });
  baseline.kill();
}
