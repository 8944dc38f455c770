import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { Results } from './results.js';
import type { Result } from './results.js';

/** A database that stores what it is given, unless the test says otherwise. */
function resultsOn(refusal: (ids: readonly string[]) => Error | null) {
  const stored: string[] = [];
  const lost: string[] = [];
  const query = (_sql: string, [ids]: [string[]]): Promise<{ id: string }[]> => {
    const error = refusal(ids);
    if (error) return Promise.reject(error);
    stored.push(...ids);
    return Promise.resolve(ids.map((id) => ({ id })));
  };
  const parts = [
    { transaction: (work: (manager: object) => Promise<void>) => work({ query }) },
    { add: () => Promise.resolve() },
    { now: () => new Date('2026-01-05T08:00:00Z') },
    {},
    {
      debug: () => undefined,
      warn: () => undefined,
      error: ({ deliveries }: { deliveries: string[] }) => void lost.push(...deliveries),
    },
  ] as unknown as ConstructorParameters<typeof Results>;
  return { results: new Results(...parts), stored, lost };
}
const result = (id: string): Result => ({
  delivery: { id, intentKey: id, personId: id, template: 't', resends: 0 } as Result['delivery'],
  settled: { id, state: 'sent', reason: null } as Result['settled'],
});
const batch = ['a', 'bad', 'c'].map(result);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('results of mails that are out', () => {
  it('are stored but for the one that the database refuses for what is in it', async () => {
    const code = Object.assign(new Error('invalid byte sequence'), { code: '22021' });
    const { results, stored, lost } = resultsOn((ids) =>
      ids.includes('bad') ? new QueryFailedError('UPDATE', [], code) : null,
    );
    await results.note('me', batch);
    expect([stored, lost]).toEqual([['a', 'c'], ['bad']]);
  });

  it('wait for a database that is away, however long', async () => {
    const back = performance.now() + 10 * 60_000;
    const { results, stored } = resultsOn(() =>
      performance.now() < back ? new Error('Connection terminated unexpectedly') : null,
    );
    const noted = results.note('me', batch);
    await jest.advanceTimersByTimeAsync(9 * 60_000);
    expect(stored).toEqual([]);
    await jest.advanceTimersByTimeAsync(2 * 60_000);
    await noted;
    expect(stored).toEqual(['a', 'bad', 'c']);
  });

  it('wait no longer when the process ends', async () => {
    const { results, lost } = resultsOn(() => new Error('Connection terminated unexpectedly'));
    const noted = results.note('me', batch);
    results.end();
    await jest.advanceTimersByTimeAsync(1_000);
    await noted;
    expect(lost).toEqual(['a', 'bad', 'c']);
  });
});
