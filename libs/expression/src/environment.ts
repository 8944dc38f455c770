import { Environment } from '@marcbachmann/cel-js';
import { registerFunctions } from './functions.js';
import { CONSENT_FIELDS, Consents, Person, PERSON_FIELDS } from './person.js';

/** Where an expression stands, which says what it may name. */
export type ScopeName = 'workflow' | 'audience' | 'trigger' | 'rule';

/** The variables of each scope. A trigger is weighed before anybody is looked up, so it knows no person. */
export const SCOPES: Readonly<Record<ScopeName, readonly string[]>> = {
  workflow: ['event', 'person', 'run', 'inputs', 'vars'],
  audience: ['event', 'person', 'run', 'inputs', 'vars'],
  trigger: ['event', 'inputs'],
  rule: ['event', 'person'],
};

// Far more than any sentence HR writes, and little enough that no expression is slow to check.
const LIMITS = {
  maxAstNodes: 400,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 50,
  maxCallArguments: 8,
};

const environments = new Map<string, Environment>();
let base: Environment | null = null;

/** The CEL environment that knows exactly these variables; made once for each set of names. */
export function environmentFor(names: readonly string[]): Environment {
  const key = [...names].sort().join(',');
  let env = environments.get(key);
  if (!env) environments.set(key, (env = declare((base ??= baseEnvironment()).clone(), names)));
  return env;
}

function baseEnvironment(): Environment {
  const env = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false });
  env.registerType('Consents', { ctor: Consents, fields: { ...CONSENT_FIELDS } });
  env.registerType('Person', { ctor: Person, fields: { ...PERSON_FIELDS } });
  return registerFunctions(env);
}

function declare(env: Environment, names: readonly string[]): Environment {
  for (const name of names) env.registerVariable(name, name === 'person' ? 'Person' : 'dyn');
  return env;
}
