import type { Suite } from '../suite/suite.types.js';
import { Api } from './api.js';
import { SuiteClock } from './clock.js';

/** The REST of a running suite and its clock. */
export interface SuiteClient {
  readonly content: Api;
  readonly engagement: Api;
  readonly notification: Api;
  readonly clock: SuiteClock;
  close(): Promise<void>;
}

/** A client with the admin key of a suite on virtual time. */
export async function clientOf(suite: Suite): Promise<SuiteClient> {
  const { content, engagement, notification } = suite.urls;
  const apis = [content, engagement, notification].map((url) => new Api(url, suite.adminKey)) as [
    Api,
    Api,
    Api,
  ];
  const { now } = await apis[1].get<{ now: string }>('/clock');
  return {
    content: apis[0],
    engagement: apis[1],
    notification: apis[2],
    clock: new SuiteClock(apis, new Date(now)),
    close: async () => void (await Promise.all(apis.map((api) => api.close()))),
  };
}
