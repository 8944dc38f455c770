/** What the global setup prepared for this Jest run. */
export interface TestRun {
  /** Unique among runs; the databases of a run begin with it. */
  readonly id: string;
  /** The administrator's address of a PostgreSQL server. */
  readonly databaseUrl: string;
  /** A `nats-server` that runs here. */
  readonly natsBinary: string;
}

/** Reads what the global setup left in the environment; throws when a test runs without it. */
export function testRun(): TestRun {
  const {
    LAUREL_TEST_RUN: id,
    LAUREL_TEST_DATABASE_URL: databaseUrl,
    LAUREL_TEST_NATS_BINARY: natsBinary,
  } = process.env;
  if (!id || !databaseUrl || !natsBinary)
    throw new Error(
      'No PostgreSQL and NATS for tests: run them through Jest with the configuration of this repository.',
    );
  return { id, databaseUrl, natsBinary };
}
