import { figures } from './totals.schema.js';
import type { Figures } from './totals.schema.js';

/** Totals as they stood at an instant (epoch milliseconds). */
export interface Measured extends Figures {
  at: number;
}

/** What a report changes: the totals that hold from now on, and how they differ from those before. Null when it changes nothing. */
export interface Correction {
  totals: Measured;
  difference: Figures;
}

const none: Measured = {
  at: Number.NEGATIVE_INFINITY,
  ...(Object.fromEntries(figures.map((name) => [name, 0])) as Figures),
};

/** The later measurement holds: one that is older than what holds changes nothing, one of the same instant corrects it. */
export function correct(before: Measured | null, report: Measured): Correction | null {
  const held = before ?? none;
  if (report.at < held.at) return null;
  const difference = Object.fromEntries(figures.map((name) => [name, report[name] - held[name]])) as Figures;
  return { totals: report, difference };
}

/** True of a difference that is worth telling. */
export const differs = (difference: Figures): boolean => figures.some((name) => difference[name] !== 0);
