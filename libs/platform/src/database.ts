import pg from 'pg';
import { DataSource, DefaultNamingStrategy } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';

// Counts and sums come as bigint, which pg hands over as strings; ours stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// A local date is a word ("2026-03-29"), not an instant in the zone of the process.
pg.types.setTypeParser(pg.types.builtins.DATE, String);

/** camelCase in code, snake_case in tables. */
class SnakeNaming extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return (
      custom ?? [...prefixes, property].join('_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    );
  }
}

type Listed = NonNullable<Extract<DataSourceOptions, { type: 'postgres' }>['migrations']>;

export interface DatabaseParts {
  entities: Function[];
  migrations: Extract<Listed, readonly unknown[]>[number][] | Function[];
}

/** How every service connects: schema by migrations only. */
export function databaseOptions(
  url: string,
  parts: DatabaseParts,
  applicationName: string,
): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName,
    entities: parts.entities,
    migrations: parts.migrations as Function[],
    migrationsTransactionMode: 'each',
    synchronize: false,
    namingStrategy: new SnakeNaming(),
    poolSize: 12,
    extra: {
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      // Also how long a request waits for a free connection: better a 500 than a pile of waiters.
      connectionTimeoutMillis: 10_000,
    },
  };
}

const MIGRATION_LOCK = 7_202_611;

/** Brings the schema up to date; replicas that start together wait for each other. */
export async function migrate(url: string, parts: DatabaseParts): Promise<void> {
  const source = await new DataSource({
    ...databaseOptions(url, parts, 'laurel-migrate'),
    poolSize: 2,
  } as DataSourceOptions).initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations();
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  } finally {
    await lock.release();
    await source.destroy();
  }
}
