import { DiscoveryService, NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { undecidedRoutes } from '../access/undecided.js';
import type { ServiceEnv } from '../env.js';
import { LOGGER, NestLog } from '../logging.js';
import type { Logger } from '../logging.js';
import { traceFrom, withTrace } from '../trace.js';

export interface ServiceOptions {
  module: Parameters<typeof NestFactory.create>[0];
  /** `content`, `engagement`, `notification`: also the prefix of its routes and documents. */
  name: string;
  title: string;
  env: ServiceEnv;
  /** Connects transports before the service listens. */
  connect?: (app: NestFastifyApplication) => Promise<void>;
}

/** Builds, documents and starts one service; SIGTERM drains it. */
export async function startService(options: ServiceOptions): Promise<NestFastifyApplication> {
  // A mistake in the environment or the programme is told once, in one message, by startMain.
  const quiet = { abortOnError: false, logger: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(
    options.module,
    adapterFor(options.env),
    // What was signed is the body byte by byte.
    { ...quiet, rawBody: true },
  );
  const logger = app.get<Logger>(LOGGER);
  app.useLogger(new NestLog(logger));
  refuseUndecided(app);
  traceRequests(app.getHttpAdapter().getInstance(), logger);
  document(app, options);
  app.enableShutdownHooks();
  await options.connect?.(app);
  await app.listen(options.env.PORT, options.env.HOST);
  logger.info({ url: await app.getUrl() }, `${options.name}-service is ready`);
  return app;
}

const adapterFor = (env: ServiceEnv): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: 5 * 1024 * 1024,
    trustProxy: env.TRUST_PROXY?.split(',') ?? false,
    forceCloseConnections: 'idle',
  });

function refuseUndecided(app: NestFastifyApplication): void {
  const undecided = undecidedRoutes(app.get(DiscoveryService, { strict: false }), app.get(Reflector));
  if (undecided.length > 0) throw new Error(`Routes without an access decision: ${undecided.join(', ')}`);
}

/** Every request runs inside its trace, so whatever it logs or sends carries the id. */
function traceRequests(http: FastifyInstance, logger: Logger): void {
  http.addHook('onRequest', (request, _reply, done) => {
    withTrace(traceFrom(request.headers['traceparent'] as string | undefined), done);
  });
  http.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    logger.debug(line, 'request');
    done();
  });
}

function document(app: NestFastifyApplication, { name, title }: ServiceOptions): void {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addSecurity('api-key', { type: 'http', scheme: 'bearer', description: 'An API key: lrl_…' })
    .build();
  // Whoever opens the bare address wants to know what is here.
  const http: FastifyInstance = app.getHttpAdapter().getInstance();
  http.get('/', (_request, reply) => reply.redirect(`/${name}/docs`));
  SwaggerModule.setup(`${name}/docs`, app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: `${name}/openapi.json`,
    yamlDocumentUrl: `${name}/openapi.yaml`,
  });
}
