/** What the global setup prepared for this Jest run. */
export interface TestRun {
  /** Unique among runs; the databases of a run begin with it. */
  readonly id: string;
  /** The administrator's address of a PostgreSQL server. */
  readonly databaseUrl: string;
  /** A `nats-server` that runs here. */
  readonly natsBinary: string;
  /** Where services keep compiled templates, so that only the first start of a run compiles them. */
  readonly templateCache: string;
}

/** Reads what the global setup left in the environment; throws when a test runs without it. */
export function testRun(): TestRun {
  const {
    LAUREL_TEST_RUN: id,
    LAUREL_TEST_DATABASE_URL: databaseUrl,
    LAUREL_TEST_NATS_BINARY: natsBinary,
    LAUREL_TEST_CACHE: templateCache,
  } = process.env;
  if (!id || !databaseUrl || !natsBinary || !templateCache)
    throw new Error(
      'No PostgreSQL and NATS for tests: run them through Jest with the configuration of this repository.',
    );
  return { id, databaseUrl, natsBinary, templateCache };
}
