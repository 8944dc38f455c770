import { Presets, SingleBar } from 'cli-progress';
import type { Tally } from './player.js';

/** Shows how far the demo is: a bar on a terminal, a line a week elsewhere. */
export interface Progress {
  at(day: number, now: Date, tally: Tally, mails: number): void;
  stop(): void;
}

const dateOf = (now: Date): string => now.toISOString().slice(0, 10);

export function showProgress(days: number): Progress {
  return process.stdout.isTTY ? bar(days) : lines(days);
}

function bar(days: number): Progress {
  const single = new SingleBar(
    {
      format: '{bar} {date} · {accepted} joined · {shares} shares · {clicks} clicks · {mails} mails',
      hideCursor: true,
      barsize: 24,
    },
    Presets.shades_classic,
  );
  single.start(days, 0, { date: '', accepted: 0, shares: 0, clicks: 0, mails: 0 });
  return {
    at: (day, now, tally, mails) => single.update(day, { ...tally, date: dateOf(now), mails }),
    stop: () => single.stop(),
  };
}

function lines(days: number): Progress {
  return {
    at: (day, now, { accepted, shares, clicks }, mails) => {
      if (day % 7 !== 0 && day !== days) return;
      const counts = `${accepted} joined · ${shares} shares · ${clicks} clicks · ${mails} mails`;
      process.stdout.write(`  day ${String(day).padStart(2)} of ${days} · ${dateOf(now)} · ${counts}\n`);
    },
    stop: () => undefined,
  };
}
