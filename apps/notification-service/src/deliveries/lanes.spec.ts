import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Lanes, NotBegun } from './lanes.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Work that goes on until it is told to end, and notes that it began. */
function works() {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => (): Promise<void> => {
    began.push(name);
    return new Promise((resolve) => ends.set(name, resolve));
  };
  return { began, work, end: (name: string): void => ends.get(name)!() };
}
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('a slow domain', () => {
  it('keeps its own mails waiting and nobody else', async () => {
    const lanes = new Lanes(() => ({ concurrent: 2 }));
    const { began, work, end } = works();
    for (const name of ['slow1', 'slow2', 'slow3']) void lanes.run('slow.example', work(name));
    void lanes.run('fast.example', work('fast'));
    await settle();
    expect(began).toEqual(['slow1', 'slow2', 'fast']);
    expect(lanes.busy()).toEqual(['slow.example']);
    end('slow1');
    await settle();
    expect(began).toEqual(['slow1', 'slow2', 'fast', 'slow3']);
    expect(lanes.busy()).toEqual([]);
  });

  it('gets no more mails a minute than it may', async () => {
    const lanes = new Lanes(() => ({ concurrent: 100, per_minute: 4 }));
    const { began, work, end } = works();
    for (let number = 1; number <= 10; number++) void lanes.run('a.example', work(`m${number}`));
    await settle();
    expect(began).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(began).toHaveLength(5);
    end('m1');
    await jest.advanceTimersByTimeAsync(45_000);
    expect(began).toHaveLength(8);
  });

  it('that takes a message a second gets one a second from the first on', async () => {
    const lanes = new Lanes(() => ({ concurrent: 1, per_minute: 60, burst: 1 }));
    const began: number[] = [];
    const start = performance.now();
    for (let number = 1; number <= 4; number++)
      void lanes.run('channel:all', () => Promise.resolve(began.push(performance.now() - start)));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(began.map((at) => Math.round(at / 100))).toEqual([0, 10, 20, 30]);
  });

  it('gives back what waits beyond so many, the last first', async () => {
    const lanes = new Lanes(() => ({ concurrent: 1 }));
    const { began, work, end } = works();
    const runs = ['first', 'second', 'third', 'fourth'].map((name) => lanes.run('a.example', work(name)));
    lanes.shed(1);
    const ends = Promise.allSettled(runs);
    await settle();
    end('first');
    await settle();
    end('second');
    expect((await ends).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(began).toEqual(['first', 'second']);
  });

  it('does not begin what still waits when the lanes are closed', async () => {
    const lanes = new Lanes(() => ({ concurrent: 1 }));
    const { began, work } = works();
    void lanes.run('a.example', work('first'));
    const second = lanes.run('a.example', work('second'));
    lanes.close();
    await expect(second).rejects.toThrow(NotBegun);
    await expect(lanes.run('b.example', work('later'))).rejects.toThrow(NotBegun);
    expect(began).toEqual(['first']);
  });
});
