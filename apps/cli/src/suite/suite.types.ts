import type { Nats } from '../embedded/nats.js';
import type { Postgres } from '../embedded/postgres.js';
import type { Catcher } from '../mail/catcher.js';
import type { Ports, ServiceName } from './ports.js';
import type { Service } from './service.js';
import type { Stages } from './stages.js';

/** What to start. What is not given is started, made or chosen by the suite, whatever the environment says. */
export interface SuiteOptions {
  /** Where the suite keeps its data, logs and secret; an absolute path. */
  readonly stateDir: string;
  /** One address per service; wins over `postgresUrl`. */
  readonly databaseUrls?: Readonly<Record<ServiceName, string>> | undefined;
  /** A server whose administrator may create databases; without it an embedded PostgreSQL runs in `stateDir`. */
  readonly postgresUrl?: string | undefined;
  /** Databases are named `<prefix>_content` and so on; `laurel` by default. */
  readonly databasePrefix?: string | undefined;
  /** Drops the databases when the suite stops (only those that it named itself). */
  readonly dropDatabases?: boolean | undefined;
  /** A broker with JetStream; without it a nats-server runs in `stateDir`. */
  readonly natsUrl?: string | undefined;
  /** Begins the names of stream and subjects on the broker, so that two suites can share one; `laurel` by default. */
  readonly namespace?: string | undefined;
  /** The program of that nats-server; without it one is found (LAUREL_NATS_SERVER, PATH) or fetched. */
  readonly natsBinary?: string | undefined;
  /** Where mails go; without it a local catcher takes them. */
  readonly smtpUrl?: string | undefined;
  /** Virtual time from this instant (ISO 8601); without it the machine's clock. */
  readonly clock?: { readonly start: string } | undefined;
  readonly ports?: 'default' | 'free' | Ports | undefined;
  /** The programme as YAML; the clone's `programme/` by default. */
  readonly programmeDir?: string | undefined;
  /** At least 32 characters; without it one is made once and kept in `stateDir`. */
  readonly secret?: string | undefined;
  /** The first admin's key, where the databases know no admin yet. Without it a new key is made and returned. */
  readonly adminKey?: string | undefined;
  /** `production` by default; on virtual time `development`. */
  readonly nodeEnv?: 'production' | 'test' | 'development' | undefined;
  readonly logLevel?: string | undefined;
  /** Further variables for all services (`TRUST_PROXY`, `PUBLIC_CONTENT_URL`); they win over the suite's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Aborted: the start ends as soon as it can, with everything stopped. */
  readonly signal?: AbortSignal | undefined;
  /** Told when a service that was ready ends by itself, with its last words. */
  readonly onCrash?: ((crash: Error) => void) | undefined;
  /** Told of every stage; silent by default. */
  readonly stages?: Stages | undefined;
  /** The program of a service; `dist/apps/<name>-service/src/main.js` of the clone by default. */
  readonly script?: ((service: ServiceName) => string) | undefined;
}

/** Three services with their database, broker and mail, all ready. */
export interface Suite {
  /** Where each service answers; `mail` is the page of the catcher, empty when mails really go out. */
  readonly urls: Readonly<Record<ServiceName | 'mail', string>>;
  /** The key given or made for the first admin; it is good only where the databases knew no admin. */
  readonly adminKey: string;
  /** The catcher; absent when `smtpUrl` was given. */
  readonly mail: Catcher | undefined;
  readonly services: Readonly<Record<ServiceName, Service>>;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  readonly natsUrl: string;
  /** The broker, when the suite started it: can be restarted and wiped. */
  readonly nats: Nats | undefined;
  /** The database server, when the suite started it: can be restarted. */
  readonly postgres: Postgres | undefined;
  /** Stops the services, then the broker, then PostgreSQL; may be called more than once. */
  stop(): Promise<void>;
}
