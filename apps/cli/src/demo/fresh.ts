import { dropDatabases } from '../embedded/databases.js';
import { databaseNames } from '../suite/parts.js';

/** The databases the demo makes for itself; it drops them at the next start, so the name is its own. */
export const DEMO_PREFIX = 'laurel_demo';

/** On a server of the user's, last time's demo is dropped, and nothing else. */
export async function dropLastDemo(postgresUrl: string): Promise<void> {
  await dropDatabases(postgresUrl, Object.values(databaseNames(DEMO_PREFIX)));
}
