import { styleText } from 'node:util';

/** Told what is being started; prints a line per stage, or nothing. */
export interface Stages {
  /** Runs one stage and tells how long it took; `name` may say more once the work is done. */
  run<T>(name: string | ((result: T) => string), work: () => Promise<T>): Promise<T>;
  /** A line that the user should see. */
  note(line: string): void;
}

/** A style where a terminal shows it; plain text in a pipe or a file. */
export function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text;
}

/** Prints `✓ NATS 1.2 s` as each stage is done. */
export const printedStages: Stages = {
  async run(name, work) {
    const begin = performance.now();
    const result = await work();
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    const title = typeof name === 'string' ? name : name(result);
    process.stdout.write(
      `${paint('green', '✓')} ${title.padEnd(44)} ${paint('dim', `${seconds.padStart(5)} s`)}\n`,
    );
    return result;
  },
  note(line) {
    process.stdout.write(`${paint('dim', `· ${line}`)}\n`);
  },
};

/** Says nothing. */
export const silentStages: Stages = { run: (_, work) => work(), note: () => undefined };
