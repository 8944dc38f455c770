import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { readEnv, createClock, serviceEnv } from './index.js';
import type { ServiceEnv } from './index.js';

describe('the environment', () => {
  const good = {
    PORT: '3000',
    DATABASE_URL: 'postgres://u:hunter2@h/d',
    NATS_URL: 'nats://h',
    LAUREL_SECRET: 'x'.repeat(32),
    PUBLIC_CONTENT_URL: 'http://c',
    PUBLIC_ENGAGEMENT_URL: 'http://e',
    PUBLIC_NOTIFICATION_URL: 'http://n',
  };

  it('that is wrong is told by the names of all bad keys, never by a value', () => {
    const bad = {
      ...good,
      LAUREL_SECRET: 'tooshort',
      DATABASE_URL: 'hunter2',
      LAUREL_CLOCK: 'sundial',
      PORT: 'harbour',
    };
    let message = '';
    try {
      readEnv(serviceEnv, bad);
    } catch (error) {
      ({ message } = error as Error);
    }
    for (const key of ['LAUREL_SECRET', 'DATABASE_URL', 'LAUREL_CLOCK', 'PORT'])
      expect(message).toContain(`  ${key}: `);
    expect(message).not.toMatch(/tooshort|hunter2|sundial|harbour/);
  });

  it('in production refuses virtual time', () => {
    expect(() =>
      createClock(readEnv(serviceEnv, { ...good, LAUREL_CLOCK: 'virtual' }) as ServiceEnv),
    ).toThrow(/refused when NODE_ENV=production/);
    expect(
      createClock(readEnv(serviceEnv, { ...good, LAUREL_CLOCK: 'virtual', NODE_ENV: 'test' })).mode,
    ).toBe('virtual');
  });
});
