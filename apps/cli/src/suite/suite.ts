import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../embedded/project.js';
import { openDatabases, openMail, openNats, stage, type Start } from './parts.js';
import { checkPorts, DEFAULT_PORTS, freePorts, SERVICES, type Ports, type ServiceName } from './ports.js';
import { newAdminKey, suiteSecret } from './secrets.js';
import { startService, type Service } from './service.js';
import type { Suite, SuiteOptions } from './suite.types.js';
import { Teardown } from './teardown.js';

type Urls = Record<ServiceName, string>;

interface Surroundings {
  readonly ports: Ports;
  readonly databases: Readonly<Urls>;
  readonly natsUrl: string;
  readonly smtpUrl: string;
  readonly adminKey: string;
}

function present(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

function localUrls(ports: Ports): Urls {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    content: at(ports.content),
    engagement: at(ports.engagement),
    notification: at(ports.notification),
  };
}

/** The whole environment of a service: it inherits nothing, so that a run does not hang on the shell it came from. */
function environment(name: ServiceName, options: SuiteOptions, around: Surroundings): Record<string, string> {
  const urls = localUrls(around.ports);
  return present({
    NODE_ENV: options.nodeEnv ?? (options.clock ? 'development' : 'production'),
    HOST: '127.0.0.1',
    PORT: `${around.ports[name]}`,
    DATABASE_URL: around.databases[name],
    NATS_URL: around.natsUrl,
    LAUREL_NAMESPACE: options.namespace,
    SMTP_URL: around.smtpUrl,
    LAUREL_SECRET: suiteSecret(options.stateDir, options.secret),
    LAUREL_CLOCK: options.clock ? 'virtual' : 'system',
    LAUREL_CLOCK_START: options.clock?.start,
    LAUREL_FIRST_ADMIN_KEY: name === 'engagement' ? around.adminKey : undefined,
    PROGRAMME_DIR: options.programmeDir ?? join(projectRoot(), 'programme'),
    LOG_LEVEL: options.logLevel ?? 'info',
    CLICK_JOURNAL_DIR: name === 'content' ? join(options.stateDir, 'clicks') : undefined,
    PUBLIC_CONTENT_URL: urls.content,
    PUBLIC_ENGAGEMENT_URL: urls.engagement,
    PUBLIC_NOTIFICATION_URL: urls.notification,
    ...present(options.env ?? {}),
  });
}

function builtScript(service: ServiceName): string {
  return join(projectRoot(), `dist/apps/${service}-service/src/main.js`);
}

async function startServices(start: Start, around: Surroundings): Promise<Record<ServiceName, Service>> {
  const { options, teardown } = start;
  const urls = localUrls(around.ports);
  const launch = (name: ServiceName): [ServiceName, ReturnType<typeof startService>] => {
    const log = join(options.stateDir, 'logs', `${name}-service.log`);
    const script = (options.script ?? builtScript)(name);
    return [
      name,
      startService({
        name: `${name}-service`,
        script,
        env: environment(name, options, around),
        url: urls[name],
        log,
        signal: options.signal,
        onCrash: options.onCrash,
      }),
    ];
  };
  const started = SERVICES.map(launch);
  teardown.add(() => Promise.all(started.map(([, { service }]) => service.stop())));
  await Promise.all(started.map(([name, { ready }]) => stage(start, `${name}-service`, () => ready)));
  return Object.fromEntries(started.map(([name, { service }]) => [name, service])) as Record<
    ServiceName,
    Service
  >;
}

async function choosePorts({ ports = 'default', smtpUrl }: SuiteOptions): Promise<Ports> {
  if (ports === 'free') return freePorts();
  const chosen = ports === 'default' ? DEFAULT_PORTS : ports;
  await checkPorts(chosen, smtpUrl ? SERVICES : [...SERVICES, 'mail']);
  return chosen;
}

async function assemble(start: Start): Promise<Suite> {
  const { options, teardown } = start;
  const ports = await choosePorts(options);
  mkdirSync(options.stateDir, { recursive: true });
  const { urls: databases, postgres } = await openDatabases(start);
  const { url: natsUrl, nats } = await openNats(start);
  const { url: smtpUrl, catcher } = await openMail(start, ports.mail);
  const adminKey = options.adminKey ?? newAdminKey();
  const services = await startServices(start, { ports, databases, natsUrl, smtpUrl, adminKey });
  const urls = { ...localUrls(ports), mail: catcher?.url ?? '' };
  return {
    urls,
    adminKey,
    mail: catcher,
    services,
    databaseUrls: databases,
    natsUrl,
    nats,
    postgres,
    stop: () => teardown.run(),
  };
}

/** Starts the suite; when any part fails, what already runs is stopped before the error is thrown. */
export async function startSuite(options: SuiteOptions): Promise<Suite> {
  const teardown = new Teardown();
  try {
    return await assemble({ options, teardown });
  } catch (error) {
    await teardown.run();
    throw error;
  }
}
