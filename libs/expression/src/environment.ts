import { Environment } from '@marcbachmann/cel-js';
import { registerFunctions } from './functions.js';
import { PARSER_LIMITS } from './limits.js';
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

const environments = new Map<string, Environment>();
let base: Environment | null = null;

/** The CEL environment that knows exactly these variables; made once for each set of names. */
export function environmentFor(names: readonly string[]): Environment {
  const key = [...names].sort().join(',');
  let env = environments.get(key);
  if (!env) environments.set(key, (env = environmentWith(names, () => 'dyn')));
  return env;
}

/** A fresh environment whose variables have the types that `typeOf` gives, which may register types of its own. */
export function environmentWith(
  names: readonly string[],
  typeOf: (environment: Environment, name: string) => string,
): Environment {
  const env = (base ??= baseEnvironment()).clone();
  for (const name of new Set(names))
    env.registerVariable(name, name === 'person' ? 'Person' : typeOf(env, name));
  return env;
}

function baseEnvironment(): Environment {
  const env = new Environment({ limits: PARSER_LIMITS, homogeneousAggregateLiterals: false });
  env.registerType('Consents', { ctor: Consents, fields: { ...CONSENT_FIELDS } });
  env.registerType('Person', { ctor: Person, fields: { ...PERSON_FIELDS } });
  return registerFunctions(env);
}
