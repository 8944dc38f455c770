import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDuration, localDate, previousWindowOf, windowOf } from '#libs/calendar';
import type { DateWindow } from '#libs/calendar';
import type { Facts, Impact, Need } from '#libs/expression';
import { sumMetrics } from './facts.query.js';
import type { MetricQuestion } from './facts.query.js';

/** Whose facts, seen from which zone. */
export interface FactsOf {
  id: string;
  zone: string;
}

/** What an impact is made of: its word in letters and the metric behind it. */
const impactMetrics = {
  shares: 'shares',
  clicks: 'credible_clicks',
  reach: 'reach',
  emv: 'earned_media_value',
} as const;
type Totals = Record<keyof typeof impactMetrics, number>;

interface Asked extends MetricQuestion {
  window: string;
  when: 'current' | 'previous';
}

/** Fetches the metric values that expressions need, for a whole batch of people in one query. */
@Injectable()
export class FactsService {
  async read(
    manager: EntityManager,
    needs: readonly Need[],
    people: readonly FactsOf[],
    now: Date,
  ): Promise<Facts> {
    const asked = needs.flatMap((need) =>
      people.flatMap((person) => questionsOf(need, person, now.getTime())),
    );
    const values = await sumMetrics(manager, asked);
    const table = new Map(asked.map((question, index) => [keyOf(question), values[index]!]));
    return {
      metric: (personId, metric, window) =>
        table.get(keyOf({ personId, metric, window, when: 'current' })) ?? 0,
      impact: (personId, window) => impactFrom(table, personId, window),
    };
  }
}

const keyOf = (question: Pick<Asked, 'personId' | 'metric' | 'window' | 'when'>): string =>
  `${question.personId}|${question.metric}|${question.window}|${question.when}`;

function questionsOf(need: Need, { id, zone }: FactsOf, now: number): Asked[] {
  const current = soFar(windowOf(need.window, now, zone), now, zone);
  if (need.kind === 'metric') return ask(id, need.name, need.window, 'current', current);
  const previous = previousWindowOf(need.window, now, zone);
  return Object.values(impactMetrics).flatMap((metric) => [
    ...ask(id, metric, need.window, 'current', current),
    ...ask(id, metric, need.window, 'previous', previous),
  ]);
}

/** A window that runs on is counted to the end of the present day only: seen from a moment of the past, what came later is not there yet. */
function soFar(window: DateWindow | null, now: number, zone: string): DateWindow | null {
  const tomorrow = localDate(addDuration(now, { months: 0, days: 1, ms: 0 }, zone), zone);
  return window && tomorrow < window.toDateExclusive ? { ...window, toDateExclusive: tomorrow } : window;
}

function ask(
  personId: string,
  metric: string,
  window: string,
  when: Asked['when'],
  dates: DateWindow | null,
): Asked[] {
  return dates ? [{ personId, metric, window, when, from: dates.fromDate, to: dates.toDateExclusive }] : [];
}

function impactFrom(table: ReadonlyMap<string, number>, personId: string, window: string): Impact {
  const totals = (when: Asked['when']): Totals => {
    const entries = Object.entries(impactMetrics).map(([word, metric]) => [
      word,
      Math.round((table.get(keyOf({ personId, metric, window, when })) ?? 0) * 100) / 100,
    ]);
    return Object.fromEntries(entries) as Totals;
  };
  return { ...totals('current'), previous: totals('previous') };
}
