import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { withDatabase } from '../../apps/cli/src/embedded/databases.js';
import { testRun } from './run.js';

/** How to bring a new database to the schema that a test needs. */
export interface TestDatabaseOptions {
  /** Names the schema: the service. Migrated once in a run, cloned for every test file. */
  readonly template: string;
  /** Migrates the empty database at this address, and has closed all connections to it when it resolves. */
  readonly migrate: (url: string) => Promise<void>;
}

/** A database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: testRun().databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

/** A template gets its name when it is complete, so that a failed migration is never cloned. */
async function buildTemplate(
  client: pg.Client,
  name: string,
  migrate: TestDatabaseOptions['migrate'],
): Promise<void> {
  const draft = `${name}_draft`;
  await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${draft}`);
  await migrate(withDatabase(testRun().databaseUrl, draft));
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
}

/** Two workers may want the same template at once: the second waits for the first, then finds it made. */
async function ensureTemplate({ template, migrate }: TestDatabaseOptions): Promise<string> {
  const name = `${testRun().id}_template_${template.replaceAll(/\W/g, '_').toLowerCase()}`;
  await asAdmin(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    if (!(await exists(client, name))) await buildTemplate(client, name, migrate);
  });
  return name;
}

/** A fresh database with the schema of `template`, cloned in some tens of milliseconds. */
export async function createTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const template = await ensureTemplate(options);
  const name = `${testRun().id}_${randomBytes(6).toString('hex')}`;
  await asAdmin((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: withDatabase(testRun().databaseUrl, name),
    drop: () =>
      asAdmin(async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}
