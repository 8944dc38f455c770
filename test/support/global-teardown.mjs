import { rmSync } from 'node:fs';
import pg from 'pg';

const { LAUREL_TEST_DATABASE_URL: url, LAUREL_TEST_RUN: run } = process.env;

/** A server that was given to us is handed back without what this run made on it. */
async function dropAll() {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
    `${run}_`,
  ]);
  for (const { datname } of rows)
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  await client.end();
}

/** Stops what the setup started and removes its files. */
export default async function tearDown() {
  const { postgres, folder } = globalThis.laurelTestRun;
  await (postgres ? postgres.remove() : dropAll());
  rmSync(folder, { recursive: true, force: true });
}
