#!/usr/bin/env node
import { Command } from 'commander';
import { COMMANDS } from './commands.js';
import { LaunchError } from './errors.js';
import { paint } from './suite/stages.js';

/** What the user can mend is a paragraph; anything else is our mistake and keeps its stack trace. */
function report(error: unknown): void {
  const text =
    error instanceof LaunchError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${paint('red', '✗')} ${text}\n`);
}

const program = new Command('laurel')
  .description('Employee advocacy: three services, one command.')
  .showHelpAfterError();
for (const register of COMMANDS) register(program);

let code = 0;
try {
  await program.parseAsync();
} catch (error) {
  report(error);
  code = 1;
}
// Not left to an empty event loop: a connection that someone forgot must not keep a stopped suite from ending.
process.exit(code);
