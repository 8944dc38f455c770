import Table from 'cli-table3';
import { paint } from '../suite/stages.js';
import type { Figures } from './figures.js';

const number = (value: number): string => value.toLocaleString('en');

/** The outcome as a table: the same on every run with the same seed. */
export function outcomeTable(figures: Figures): string {
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] });
  const rows: [string, number][] = [
    ['invited', figures.invited],
    ['accepted', figures.accepted],
    ['reminders sent', figures.reminded],
    ['shares', figures.shares],
    ['clicks', figures.clicks],
    ['… credible', figures.credibleClicks],
    ['points', figures.points],
    ['badges', figures.badges],
    ['weekly boards closed', figures.boards],
    ...Object.entries(figures.mails).map(([template, count]): [string, number] => [
      `mail ${template}`,
      count,
    ]),
    ['mails in all', Object.values(figures.mails).reduce((sum, count) => sum + count, 0)],
  ];
  for (const [name, value] of rows) table.push([name, paint('bold', number(value))]);
  return table.toString();
}

const BAR = 40;

/** Shares week by week, as bars: launch, habit, dip, recovery. */
export function weekChart({ sharesByWeek }: Figures): string {
  const most = Math.max(1, ...Object.values(sharesByWeek));
  const lines = Object.entries(sharesByWeek).map(
    ([week, shares]) =>
      `  ${week}  ${paint('green', '█'.repeat(Math.round((shares / most) * BAR)))} ${number(shares)}`,
  );
  return ['Shares by week:', ...lines].join('\n');
}
