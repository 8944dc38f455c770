import type { Environment } from '@marcbachmann/cel-js';
import { currentFacts } from './facts.js';
import type { Impact } from './facts.js';
import type { Person } from './person.js';

interface Ranked {
  personId?: unknown;
  rank?: unknown;
}

/** The functions of ours, for mends and documentation. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  metric:
    'metric("credible_clicks", "this_month"), or person.metric(…): a number of the current person in a window',
  impact:
    'impact(person.id, "last_month"): shares, clicks, reach, emv and the same of the window before as previous',
  rankOf: 'event.rankOf(person.id): the rank on the board just closed, or null',
  sum: 'vars.gathered.map(e, e.points).sum(): the numbers of a list added up',
};

/** Registers what expressions may call: looked-up facts and arithmetic that mixes sizes with numbers. */
export function registerFunctions(env: Environment): Environment {
  env.registerFunction('metric(string, string): double', metricOfCurrent);
  env.registerFunction('Person.metric(string, string): double', metricOf);
  env.registerFunction('impact(string, string): dyn', impactOf);
  env.registerFunction('map.rankOf(string): dyn', rankOf);
  env.registerFunction('list.sum(): double', sum);
  return registerArithmetic(env);
}

function metricOfCurrent(name: string, window: string): number {
  const { facts, personId } = currentFacts();
  if (personId === null) throw new Error('metric() needs a person, and this run has none');
  return facts.metric(personId, name, window);
}

function metricOf(person: Person, name: string, window: string): number {
  return currentFacts().facts.metric(person.id, name, window);
}

function impactOf(personId: string, window: string): Impact | null {
  return currentFacts().facts.impact(personId, window);
}

function sum(list: readonly unknown[]): number {
  return list.reduce<number>((total, item) => {
    if (typeof item !== 'number' && typeof item !== 'bigint')
      throw new Error('sum() needs a list of numbers');
    return total + Number(item);
  }, 0);
}

// Ten thousand people asking for their rank must not each walk ten thousand places.
const ranksOf = new WeakMap<object, Map<unknown, number>>();

function rankOf(event: { ranking?: unknown }, personId: string): number | null {
  if (!Array.isArray(event.ranking))
    throw new Error('rankOf() needs an event with a ranking, such as board_closed');
  let ranks = ranksOf.get(event.ranking);
  if (!ranks) ranksOf.set(event.ranking, (ranks = indexRanks(event.ranking as Ranked[])));
  return ranks.get(personId) ?? null;
}

function indexRanks(ranking: readonly Ranked[]): Map<unknown, number> {
  return new Map(ranking.map((place) => [place.personId, Number(place.rank)]));
}

// Written numbers are doubles; only size() and int() still give ints, and people expect `size(list) + 1 == 3` to work.
const MIXED: readonly [string, string, (a: number, b: number) => unknown][] = [
  ['+', 'double', (a, b) => a + b],
  ['-', 'double', (a, b) => a - b],
  ['*', 'double', (a, b) => a * b],
  ['/', 'double', (a, b) => a / b],
  ['%', 'double', (a, b) => a % b],
];

function registerArithmetic(env: Environment): Environment {
  for (const [op, result, apply] of MIXED) {
    const handler = (a: number | bigint, b: number | bigint) => apply(Number(a), Number(b));
    env.registerOperator(`int ${op} double: ${result}`, handler);
    env.registerOperator(`double ${op} int: ${result}`, handler);
  }
  env.registerOperator('double % double: double', (a: number, b: number) => a % b);
  return env.registerOperator('int == double: bool', (a: bigint, b: number) => Number(a) === b);
}
