import { describe, expect, it } from '@jest/globals';
import { Gathering } from './gathering.js';

const isAway = (error: unknown): boolean => (error as Error).message === 'away';

/** Doubles numbers; notes what was done together. */
function doubling(most = 10): { gathering: Gathering<number, number>; done: number[][] } {
  const done: number[][] = [];
  const together = async (items: readonly number[]): Promise<(number | Error)[]> => {
    done.push([...items]);
    await Promise.resolve();
    if (items.includes(0)) throw new Error('away');
    if (items.includes(13)) throw new Error('thirteen');
    return items.map((item) => (item < 0 ? new Error(`${item} is too small`) : 2 * item));
  };
  return { gathering: new Gathering(together, () => 1, most, isAway), done };
}

describe('what is asked while something is done', () => {
  it('is done together afterwards, and everybody gets their own answer', async () => {
    const { gathering, done } = doubling();
    expect(await Promise.all([1, 2, 3].map((item) => gathering.do(item)))).toEqual([2, 4, 6]);
    expect(done).toEqual([[1], [2, 3]]);
  });

  it('is done in parts when it is too much', async () => {
    const { gathering, done } = doubling(2);
    await Promise.all([1, 2, 3, 4].map((item) => gathering.do(item)));
    expect(done).toEqual([[1], [2, 3], [4]]);
  });

  it('goes on in a second lane while the first is busy, and nowhere else', async () => {
    const ends: (() => void)[] = [];
    const together = (items: readonly number[]): Promise<number[]> =>
      new Promise((resolve) => ends.push(() => resolve([...items])));
    const gathering = new Gathering(together, () => 1, 10, isAway, 2);
    const answers = Promise.all([1, 2, 3, 4].map((item) => gathering.do(item)));
    expect(ends).toHaveLength(2);
    for (const at of [1, 0, 2]) {
      ends[at]!();
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(await answers).toEqual([1, 2, 3, 4]);
    expect(ends).toHaveLength(3);
  });

  it('is thrown only to whoever asked when its answer is an error', async () => {
    const { gathering } = doubling();
    const answers = await Promise.allSettled([1, -2, 3].map((item) => gathering.do(item)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('is done one by one when all of it fails, so that only the one at fault hears of it', async () => {
    const { gathering, done } = doubling();
    const answers = await Promise.allSettled([1, 2, 13, 3].map((item) => gathering.do(item)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual([[1], [2, 13, 3], [2], [13], [3]]);
    expect(await gathering.do(4)).toBe(8);
  });

  it('is not tried again when it was nobody that made it fail', async () => {
    const { gathering, done } = doubling();
    const answers = await Promise.allSettled([1, 0, 3].map((item) => gathering.do(item)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(done).toEqual([[1], [0, 3]]);
  });
});
