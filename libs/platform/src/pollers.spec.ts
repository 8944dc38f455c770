import { setTimeout as pause } from 'node:timers/promises';
import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Poller, VirtualClock } from './index.js';

describe('a poller', () => {
  const logger = { error: () => undefined } as never;
  const settle = (): Promise<void> => pause(20);

  it('never works twice at a time, and looks again when hinted meanwhile', async () => {
    let [atWork, most, looks] = [0, 0, 0];
    const work = async (): Promise<number> => {
      most = Math.max(most, ++atWork);
      looks++;
      await pause(5);
      atWork--;
      return 0;
    };
    const poller = new Poller({ name: 'p', work, everyMs: 60_000, logger });
    poller.start();
    for (let i = 0; i < 10; i++) poller.hint();
    await pause(2);
    poller.hint();
    await pause(40);
    expect([most, looks, poller.idle]).toEqual([1, 2, true]);
    await poller.stop();
  });

  it('goes on at once while there is something to do', async () => {
    const batches = [5, 5, 2, 0];
    const poller = new Poller({
      name: 'p',
      work: () => Promise.resolve(batches.shift() ?? 0),
      everyMs: 60_000,
      logger,
    });
    poller.start();
    await settle();
    expect([batches, poller.done, poller.idle]).toEqual([[], 12, true]);
    await poller.stop();
  });

  it('that failed is not idle until it has tried again', async () => {
    let failures = 1;
    const work = (): Promise<number> =>
      failures-- > 0 ? Promise.reject(new Error('no')) : Promise.resolve(0);
    const poller = new Poller({ name: 'p', work, everyMs: 30, logger });
    poller.start();
    await pause(10);
    expect(poller.idle).toBe(false);
    await pause(60);
    expect(poller.idle).toBe(true);
    await poller.stop();
  });

  it('finishes the batch at hand when stopped, and never works again', async () => {
    let [begun, ended] = [0, 0];
    const work = async (): Promise<number> => {
      begun++;
      await pause(20);
      return ++ended;
    };
    const poller = new Poller({ name: 'p', work, everyMs: 1, logger });
    poller.start();
    await pause(5);
    await poller.stop();
    poller.hint();
    await pause(40);
    expect([begun, ended]).toEqual([1, 1]);
  });
});

describe('a virtual clock', () => {
  it('stands still until it is moved, and never goes back', () => {
    const clock = new VirtualClock(new Date('2026-03-01'));
    clock.now().setFullYear(1999);
    expect(clock.moveTo(new Date('2026-02-28'))).toBe(false);
    expect(clock.now()).toEqual(new Date('2026-03-01'));
    expect(clock.moveTo(new Date('2026-03-02'))).toBe(true);
  });
});
