import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { dropDatabases, ensureDatabases } from './databases.js';
import { startPostgres, type Postgres } from './postgres.js';
import { isRunning } from './processes.js';
import { projectRoot } from './project.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // A server that is stopped under a client tells it so.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Runs a launcher of its own that starts PostgreSQL, and kills it without mercy. Resolves with the server's pid. */
async function startAndKillLauncher(dataDir: string): Promise<number> {
  const module = join(projectRoot(), 'dist/apps/cli/src/embedded/postgres.js');
  const script = `import { startPostgres } from ${JSON.stringify(module)}; const p = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} }); console.log(p.pid); setInterval(() => {}, 1e6);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    launcher.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
  });
  launcher.kill('SIGKILL');
  return pid;
}

describe('the embedded PostgreSQL', () => {
  let folder = '';
  let started: Postgres[] = [];
  const start = async (): Promise<Postgres> => {
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
    started.push(postgres);
    return postgres;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-pg-'));
    chmodSync(folder, 0o711);
    started = [];
  });
  afterEach(async () => {
    for (const postgres of started) await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts durable, lets only the password in, and leaves no process when stopped', async () => {
    const postgres = await start();
    expect(await query(postgres.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    const wrong = new URL(postgres.url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(`${postgres.dataDir}.password`).mode & 0o777).toBe(0o600);
    const { pid } = postgres;
    await postgres.stop();
    expect(isRunning(pid)).toBe(false);
  });

  it('finds its data again at a second start, and after a crash on the same port', async () => {
    const first = await start();
    const { app } = await ensureDatabases(first.url, ['app']);
    await query(app, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    const again = await ensureDatabases(second.url, ['app']);
    expect(await query(again.app, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.restart('SIGQUIT');
    expect(await query(again.app, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await dropDatabases(second.url, ['app', 'never_was']);
    await expect(query(again.app, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('ends by itself when its launcher is killed', async () => {
    const pid = await startAndKillLauncher(join(folder, 'postgres'));
    for (let waited = 0; waited < 15_000 && isRunning(pid); waited += 50) await pause(50);
    expect(isRunning(pid)).toBe(false);
  });

  it('takes over from a server that outlived its launcher', async () => {
    const orphan = await start();
    const dead = await new Promise<number>((resolve) => {
      const child = spawn('true');
      child.once('exit', () => resolve(child.pid ?? 0));
    });
    writeFileSync(`${orphan.dataDir}.launcher`, `${dead}`);
    const heir = await start();
    expect(isRunning(orphan.pid)).toBe(false);
    expect(await query(heir.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('does not take the data away from a Laurel that is running', async () => {
    const running = await start();
    await expect(start()).rejects.toThrow(/Another Laurel \(process \d+\) is running/);
    expect(isRunning(running.pid)).toBe(true);
  });

  it('is not misled by a number in postmaster.pid that belongs to another program', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(first.dataDir, 'postmaster.pid'), `${process.pid}\n`);
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says what to do when the password is lost, and when a user may not create databases', async () => {
    const postgres = await start();
    await query(postgres.url, `CREATE ROLE guest LOGIN PASSWORD 'guest'`);
    const guest = Object.assign(new URL(postgres.url), { username: 'guest', password: 'guest' }).href;
    await expect(ensureDatabases(guest, ['app'])).rejects.toThrow(/may not create the database "app"/);
    await postgres.stop();
    rmSync(`${postgres.dataDir}.password`);
    await expect(start()).rejects.toThrow(/has lost its password file/);
  });

  it('removes its data when told to', async () => {
    const postgres = await start();
    await postgres.remove();
    expect(existsSync(postgres.dataDir)).toBe(false);
    expect(() => readFileSync(`${postgres.dataDir}.password`)).toThrow('ENOENT');
  });
});
