import { existsSync, readFileSync } from 'node:fs';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import type { SimulationResult } from '#libs/workflow';
import { LaunchError } from '../errors.js';
import { reaching, withApi } from '../programme/remote.js';
import { simulationText } from '../simulation/text.js';

interface SimulateOptions {
  key: string;
  url: string;
  from?: string;
  until?: string;
  json?: boolean;
}

interface Progress {
  played: number;
  of: number;
  at: string;
}

/** What a simulation came to, with what was played. */
export type Simulated = SimulationResult & {
  workflow: string;
  from: string;
  until: string;
  unplayed: string[];
};
type Line = { progress: Progress } | { result: Simulated } | { error: string };

async function simulate(workflow: string, options: SimulateOptions): Promise<void> {
  const what = existsSync(workflow) ? { source: readFileSync(workflow, 'utf8') } : { workflow };
  const stretch = {
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.until === undefined ? {} : { until: options.until }),
  };
  const result = await withApi(options, (api) =>
    follow(api.lines<Line>('/engagement/simulations', { ...what, ...stretch })),
  );
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${simulationText(result)}\n`);
}

/** Shows how far it is while it plays; a bar on a terminal, nothing elsewhere. */
async function follow(lines: AsyncGenerator<Line>): Promise<Simulated> {
  const bar = new SingleBar(
    { format: '{bar} {at} · {value} of {total} activities', hideCursor: true, stream: process.stderr },
    Presets.shades_classic,
  );
  const shown = process.stderr.isTTY;
  try {
    for await (const line of lines) {
      if ('error' in line) throw new LaunchError(`The simulation stopped: ${line.error}`);
      if ('result' in line) return line.result;
      if (shown) show(bar, line.progress);
    }
  } finally {
    bar.stop();
  }
  throw new LaunchError('The simulation ended without a result; the service may have been stopped.');
}

function show(bar: SingleBar, { played, of, at }: Progress): void {
  if (!bar.isActive) bar.start(of, 0, { at });
  bar.update(played, { at: at.slice(0, 10) });
}

/** `laurel simulate`: what a workflow would have done over the past; nothing is written and nobody is told. */
export function registerSimulate(program: Command): void {
  reaching(
    program
      .command('simulate')
      .description(
        'what a workflow would have done over the past: mails, people, points, and why others got none',
      )
      .argument('<workflow>', 'a YAML file, or the id of a workflow that is switched on'),
  )
    .option('--from <instant>', 'the beginning: a date or an instant; 90 days before the end unless given')
    .option('--until <instant>', 'the end, exclusive; now unless given')
    .option('--json', 'the figures as one line of JSON')
    .action(simulate);
}
