import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { withSharing } from './sharing/sharing.support.js';

const content = withSharing();

describe('access', () => {
  it('is denied to every route without a key, but for those declared public', async () => {
    const { body } = await content.service.call('GET', '/content/openapi.json', undefined, { key: null });
    const open: string[] = [];
    for (const [path, methods] of Object.entries(body.paths as Record<string, object>)) {
      for (const method of Object.keys(methods)) {
        const url = path.replaceAll(/\{\w+\}/g, newId());
        const { status } = await content.service.call(method.toUpperCase(), url, undefined, { key: null });
        if (status !== 401) open.push(`${method} ${path}`);
      }
    }
    expect(open.sort()).toEqual(['get /content/asyncapi.json', 'get /health/live', 'get /health/ready']);
  });

  it('is denied, not granted, when the service that knows the keys does not answer', async () => {
    await content.neighbour.stop();
    const key = `lrl_${'B'.repeat(43)}`;
    const { status, body } = await content.service.call('GET', '/content/posts', undefined, { key });
    expect([status, body.code]).toEqual([503, 'service_unavailable']);
  });
});
