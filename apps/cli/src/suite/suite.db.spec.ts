import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../embedded/processes.js';
import { statusOf } from './http.js';
import { checkPorts, freePorts, SERVICES } from './ports.js';
import { startSuite } from './suite.js';
import type { SuiteOptions } from './suite.types.js';

/** Stands in for the services: what is tried here is the launcher. */
const SCRIPT = `
import { createServer } from 'node:http';
if (process.env.CRASH && process.env.LAUREL_FIRST_ADMIN_KEY) { console.error('Error: the programme has a wrong step'); process.exit(3); }
const answer = (request, response) => { response.statusCode = request.url === '/health/ready' ? 200 : 404; response.end(); };
createServer(answer).listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => process.exit(0));`;

describe('the suite', () => {
  let folder = '';
  const options = (more: Partial<SuiteOptions> = {}): SuiteOptions => {
    const {
      LAUREL_TEST_DATABASE_URL: postgresUrl,
      LAUREL_TEST_RUN: run,
      LAUREL_TEST_NATS_BINARY: natsBinary,
    } = process.env;
    return {
      stateDir: join(folder, 'state'),
      postgresUrl,
      databasePrefix: `${run}_suite`,
      dropDatabases: true,
      natsBinary,
      ports: 'free',
      script: () => join(folder, 'service.mjs'),
      ...more,
    };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-suite-'));
    writeFileSync(join(folder, 'service.mjs'), SCRIPT);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is ready when it is started, survives a killed service, and leaves no process when stopped', async () => {
    const suite = await startSuite(options());
    for (const service of SERVICES) expect(await statusOf(`${suite.urls[service]}/health/ready`)).toBe(200);
    expect(suite.adminKey).toMatch(/^lrl_[\w-]{43}$/);
    expect(statSync(join(folder, 'state/secret')).mode & 0o777).toBe(0o600);
    await suite.services.content.kill();
    expect(await statusOf(suite.urls.content)).toBe(0);
    await suite.services.content.restart();
    expect(await statusOf(`${suite.urls.content}/health/ready`)).toBe(200);
    const pids = [suite.nats?.pid ?? 0, ...SERVICES.map((service) => suite.services[service].pid)];
    await suite.stop();
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('shows the last words of a service that does not start, and stops the others', async () => {
    const started = startSuite(options({ env: { CRASH: 'yes' } }));
    await expect(started).rejects.toThrow(
      /engagement-service ended while it started \(exit code 3\).*wrong step/s,
    );
  });

  it('names a taken port and what to do', async () => {
    const ports = await freePorts();
    const other = createServer().listen(ports.engagement, '127.0.0.1');
    await expect(startSuite(options({ ports }))).rejects.toThrow(
      `Port ${ports.engagement} (engagement-service) is taken by another program: stop it, or set LAUREL_PORT_ENGAGEMENT to another port.`,
    );
    other.close();
    await expect(checkPorts(ports, ['mail'])).resolves.toBeUndefined();
  });

  it('stops what it has started when it is called off', async () => {
    const controller = new AbortController();
    const stages = {
      note: () => undefined,
      run: async <T>(_: unknown, work: () => Promise<T>): Promise<T> =>
        work().finally(() => controller.abort(new Error('called off'))),
    };
    await expect(startSuite(options({ signal: controller.signal, stages }))).rejects.toThrow('called off');
  });
});
