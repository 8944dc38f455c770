import pg from 'pg';
import { codeOf, LaunchError } from '../errors.js';

/** Already there: another launcher created it between our look and our try. */
const DUPLICATE = ['42P04', '23505'];

function describe(url: string): string {
  const { username, host } = new URL(url);
  return `user "${decodeURIComponent(username)}" on ${host}`;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return client;
  } catch (error) {
    const reason = error instanceof Error && error.message ? error.message : codeOf(error);
    throw new LaunchError(
      `PostgreSQL does not let ${describe(url)} in: ${reason}. Look at DATABASE_URL and whether the server runs.`,
    );
  }
}

async function create(client: pg.Client, name: string, url: string): Promise<void> {
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (DUPLICATE.includes(codeOf(error))) return;
    if (codeOf(error) !== '42501') throw error;
    throw new LaunchError(
      `The PostgreSQL ${describe(url)} may not create the database "${name}". Create it yourself (CREATE DATABASE ${name}), or give that user CREATEDB, or set one address per service: DATABASE_URL_CONTENT, DATABASE_URL_ENGAGEMENT, DATABASE_URL_NOTIFICATION.`,
    );
  }
}

/** The address of another database on the same server. */
export function withDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(name)}`;
  return address.href;
}

/** Creates the databases that are missing and returns the address of each, by its name. */
export async function ensureDatabases<Name extends string>(
  adminUrl: string,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const client = await connect(adminUrl);
  try {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE datname = ANY($1)',
      [names],
    );
    const existing = new Set(rows.map((row) => row.datname));
    for (const name of names.filter((wanted) => !existing.has(wanted))) await create(client, name, adminUrl);
  } finally {
    await client.end();
  }
  return Object.fromEntries(names.map((name) => [name, withDatabase(adminUrl, name)])) as Record<
    Name,
    string
  >;
}

/** Drops databases, cutting their clients off; those that do not exist are no error. */
export async function dropDatabases(adminUrl: string, names: readonly string[]): Promise<void> {
  const client = await connect(adminUrl);
  try {
    for (const name of names)
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
