import { readFileSync } from 'node:fs';

/** The last lines of a log file, for a message that says why a part did not start. */
export function lastLines(path: string, count = 15): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    // No log was written: the message that quotes it stands without.
    return '';
  }
}
