import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { unfolded } from './union-issues.js';

const budget = z.strictObject({ per: z.string(), points: z.int() });
const one = z.strictObject({ type: z.string(), budget: z.union([budget, z.array(budget)]).optional() });
const schema = z.union([one, z.array(one)]);

const wrongIn = (value: unknown): string[] =>
  (schema.safeParse(value).error?.issues ?? [])
    .flatMap(unfolded)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('what is wrong with one of several shapes', () => {
  it('is told of the shape that was meant, however deep', () => {
    expect(wrongIn({ kind: 'a' })).toEqual([
      'type: Invalid input: expected string, received undefined',
      ': Unrecognized key: "kind"',
    ]);
    expect(wrongIn([{ type: 'a', budget: { per: 'month', point: 3 } }])).toEqual([
      '0.budget.points: Invalid input: expected number, received undefined',
      '0.budget: Unrecognized key: "point"',
    ]);
  });

  it('is told as it is when no shape is of its kind', () => {
    expect(wrongIn(5)).toEqual([': Invalid input: expected object, received number']);
  });
});
