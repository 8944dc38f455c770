import type { Reason } from '#libs/workflow';
import type { Simulated } from '../commands/simulate.js';
import { paint } from '../suite/stages.js';

const BAR = 40;
const MOST_DAYS = 40;
const MOST_REASONS = 8;

const number = (value: number): string => value.toLocaleString('en');
const many = (count: number, one: string, more: string): string =>
  `${number(count)} ${count === 1 ? one : more}`;

/** The figures of a simulation, in words. */
export function simulationText(result: Simulated): string {
  return [
    sentence(result),
    ...section('Steps', stepLines(result)),
    ...section('Mails by day', dayLines(result)),
    ...section('First examples', exampleLines(result)),
    ...section('Not started', reasonLines(result.notStarted)),
    ...section('Not of the audience', reasonLines(result.notReached)),
    ...section('Steps passed over', reasonLines(result.skipped)),
    ...section('Not in the history, so not played', result.unplayed),
  ].join('\n');
}

/** "Switched on from … to …, invite-reminders would have sent 412 mails to 160 people and given 13,050 points." */
function sentence({ workflow, from, until, mails, people, points, badges, runs }: Simulated): string {
  const given = Object.values(badges).reduce((sum, count) => sum + count, 0);
  const gifts = [
    ...(points > 0 ? [many(points, 'point', 'points')] : []),
    ...(given > 0 ? [many(given, 'badge', 'badges')] : []),
  ];
  const sent = `sent ${many(mails, 'mail', 'mails')}`;
  const awards = gifts.length > 0 ? ` and given ${gifts.join(' and ')}` : '';
  const started = `${many(runs.started, 'run', 'runs')} started, ${number(runs.living)} would still be under way.`;
  return `Switched on from ${from.slice(0, 10)} to ${until.slice(0, 10)}, ${paint('bold', workflow)} would have ${sent}${awards}, reaching ${many(people, 'person', 'people')}.\n${started}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];
}

function stepLines({ steps, waiting }: Simulated): string[] {
  const width = Math.max(0, ...Object.keys(steps).map((step) => step.length));
  return Object.entries(steps).map(([step, counts]) => {
    const told = Object.entries(counts).map(
      ([outcome, count]) => `${outcome.replace('_', ' ')} ${number(count)}`,
    );
    const still = waiting[step] === undefined ? [] : [`still waiting ${number(waiting[step])}`];
    return `${step.padEnd(width)}  ${[...told, ...still].join(' · ')}`;
  });
}

function dayLines({ mailsPerDay }: Simulated): string[] {
  const days = Object.entries(mailsPerDay).sort(([a], [b]) => (a < b ? -1 : 1));
  const most = Math.max(1, ...days.map(([, count]) => count));
  const lines = days
    .slice(0, MOST_DAYS)
    .map(
      ([day, count]) =>
        `${day}  ${paint('green', '█'.repeat(Math.ceil((count / most) * BAR)))} ${number(count)}`,
    );
  return days.length > MOST_DAYS ? [...lines, `… and ${days.length - MOST_DAYS} more days`] : lines;
}

const exampleLines = ({ examples }: Simulated): string[] =>
  examples
    .slice(0, 5)
    .map(
      ({ at, step, what, personId }) =>
        `${at.slice(0, 16).replace('T', ' ')}  ${step}: ${what} → ${personId}`,
    );

function reasonLines(reasons: readonly Reason[]): string[] {
  const lines = reasons
    .slice(0, MOST_REASONS)
    .map(({ reason, count }) => `${number(count).padStart(7)}  ${reason}`);
  return reasons.length > MOST_REASONS
    ? [...lines, `… and ${reasons.length - MOST_REASONS} more reasons`]
    : lines;
}
