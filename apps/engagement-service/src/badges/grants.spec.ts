import { expect, it } from '@jest/globals';
import { toldPeriod } from './grants.js';

it.each([
  ['week', '2026-W10', '2026-W10'],
  ['month', '2026-W10', null],
  ['all_time', '2026-W10', null],
  ['all_time', 'all', 'all'],
  ['object', '2026-W10', null],
  ['week', 'anything a partner writes', null],
  ['week', '2026-W60', null],
  ['week', 7, null],
] as const)('a badge of each %s takes the told period %s as %s', (repeat, told, taken) => {
  expect(toldPeriod({ repeat }, told)).toBe(taken);
});
