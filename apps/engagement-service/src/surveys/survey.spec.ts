import { describe, expect, it } from '@jest/globals';
import { surveySchema } from '#libs/programme';
import type { Survey } from '#libs/programme';
import { optionsOf, resultOf } from './survey.js';

const enps: Survey = {
  id: 'enps',
  name: 'eNPS',
  kind: 'enps',
  scale: { from: 0, to: 10 },
  per: 'quarter',
  minimum: 5,
};
const times = (count: number, answer: number): string[] => Array<string>(count).fill(String(answer));

describe('the result of a survey', () => {
  it('is promoters less detractors for an eNPS: 25, 55 and 20 of a hundred give +5', () => {
    expect(resultOf(enps, [...times(25, 9), ...times(55, 8), ...times(20, 6)])?.score).toBe(5);
    expect(resultOf(enps, times(5, 10))?.score).toBe(100);
    expect(resultOf(enps, times(5, 0))?.score).toBe(-100);
  });

  it('is the mean for a pulse', () => {
    const pulse: Survey = { ...enps, kind: 'pulse', scale: { from: 1, to: 5 } };
    expect(resultOf(pulse, ['1', '2', '5', '5', '5'])?.score).toBe(3.6);
  });

  it('is hidden below five answers', () => {
    expect(resultOf(enps, times(4, 10))).toBeNull();
    expect(resultOf(enps, times(5, 10))).not.toBeNull();
  });

  it('tells how many gave each answer', () => {
    expect(resultOf(enps, [...times(3, 0), ...times(2, 10)])?.distribution).toMatchObject({
      0: 3,
      5: 0,
      10: 2,
    });
  });
});

describe('a scale', () => {
  it('offers every whole number, from 0 or from 1', () => {
    expect(optionsOf(enps)).toHaveLength(11);
    expect(optionsOf({ ...enps, scale: { from: 1, to: 10 } })[0]).toBe('1');
  });

  it('that goes downwards, or is no scale of an eNPS, is refused', () => {
    expect(surveySchema.safeParse({ ...enps, scale: { from: 5, to: 1 } }).success).toBe(false);
    expect(surveySchema.safeParse({ ...enps, scale: { from: 1, to: 5 } }).success).toBe(false);
  });
});
