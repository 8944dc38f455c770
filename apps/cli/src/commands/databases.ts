import type { Command } from 'commander';
import { ensureDatabases } from '../embedded/databases.js';
import { readEnv } from '../env.js';
import { LaunchError } from '../errors.js';
import { databaseNames } from '../suite/parts.js';

async function databases(): Promise<void> {
  const { DATABASE_URL: url, LAUREL_DATABASE_PREFIX: prefix } = readEnv();
  if (!url) throw new LaunchError('Set DATABASE_URL to the PostgreSQL server that is to hold the databases.');
  const names = Object.values(databaseNames(prefix));
  await ensureDatabases(url, names);
  process.stdout.write(`Databases: ${names.join(', ')}\n`);
}

/** `laurel databases`: creates what is missing, and is done; docker compose runs it before the services. */
export function registerDatabases(program: Command): void {
  program
    .command('databases')
    .description('create the three databases on DATABASE_URL where they are missing')
    .action(databases);
}
