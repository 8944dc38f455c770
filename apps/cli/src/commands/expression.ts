import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { NO_FACTS, compileExpression } from '#libs/expression';
import type { Facts, Impact, PersonAttributes } from '#libs/expression';
import { LaunchError } from '../errors.js';

/** What the file may hold beside variables: the metrics and the impact that expressions look up. */
interface Given extends Record<string, unknown> {
  person?: Partial<PersonAttributes> | null;
  /** By metric and window, for example { "shares": { "last_month": 4 } }. */
  metrics?: Record<string, Record<string, number>>;
  /** By window. */
  impact?: Record<string, Impact>;
}

/** Prints the value of an expression as JSON. */
function evaluate(source: string, options: { with?: string }): void {
  const { metrics, impact, ...values } = options.with === undefined ? {} : read(options.with);
  const compiled = compileExpression(source, 'workflow', { names: Object.keys(values).filter(isName) });
  if (!compiled.ok)
    throw new LaunchError([compiled.error.message, compiled.error.mend].filter(Boolean).join('; '));
  const person = values.person ? personOf(values.person) : null;
  const answer = compiled.expression.evaluate({ ...values, person } as never, factsOf(metrics, impact));
  if (!answer.ok) throw new LaunchError(answer.error);
  process.stdout.write(`${JSON.stringify(answer.value)}\n`);
}

function read(file: string): Given {
  try {
    const value: unknown = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Given;
  } catch (error) {
    throw new LaunchError(`${file} cannot be read as JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new LaunchError(`${file} must hold an object: {"event": {…}, "person": {…}}`);
}

const isName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

// Half a person is enough to ask a question of; whoever the file says nothing bad of is there and may be written to.
function personOf(given: Partial<PersonAttributes>): PersonAttributes {
  const consents = { ranking: true, mail: true, ...given.consents };
  return { id: '', active: true, participant: true, ...given, consents };
}

function factsOf(metrics: Given['metrics'], impact: Given['impact']): Facts {
  return {
    ...NO_FACTS,
    metric: (_person, name, window) => metrics?.[name]?.[window] ?? 0,
    impact: (_person, window) => impact?.[window] ?? null,
  };
}

/** `laurel expression eval`: what an expression of a workflow gives, without a server. */
export function registerExpression(program: Command): void {
  program
    .command('expression')
    .description('questions about expressions, answered without a server')
    .command('eval')
    .description('check an expression and print its value as JSON')
    .argument('<CEL>', 'for example \'person.seniority == "executive"\'')
    .option(
      '--with <file>',
      'JSON with event, person, run, inputs, vars, and metrics or impact; - reads standard input',
    )
    .action(evaluate);
}
