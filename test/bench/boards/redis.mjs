import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

/** A redis-server of the bench's own on a socket file; null where none is installed. */
export async function startRedis() {
  if (spawnSync('redis-server', ['--version']).error) return null;
  const folder = await mkdtemp(join(tmpdir(), 'laurel-redis-'));
  const path = join(folder, 'redis.sock');
  // On TCP as applications use it, without persistence: the data set in memory alone is what is measured.
  const port = 20_000 + (process.pid % 10_000);
  const server = spawn(
    'redis-server',
    ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    {
      stdio: 'ignore',
    },
  );
  for (let tries = 0; tries < 100; tries++) {
    const up = await open(port).then(
      (client) => client.close() ?? true,
      () => false,
    );
    if (up) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const close = async () => {
    const gone = once(server, 'exit');
    server.kill();
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  return { path, open: () => open(port), close };
}

/** One connection that asks one thing after the other, as a request handler does. */
async function open(port) {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  const asked = [];
  let text = '';
  socket.setEncoding('latin1').on('data', (part) => {
    text += part;
    for (let end = endOf(text, 0); end > 0; end = endOf(text, 0)) {
      asked.shift()(text.slice(0, end));
      text = text.slice(end);
    }
  });
  const send = (words) => {
    socket.write(
      `*${words.length}\r\n${words.map((word) => `$${String(word).length}\r\n${word}\r\n`).join('')}`,
    );
    return new Promise((resolve) => asked.push(resolve));
  };
  return { ask: (...words) => send(words), close: () => void socket.destroy() };
}

/** Where the reply that begins at `at` ends; 0 while it is not all there. */
function endOf(text, at) {
  const line = text.indexOf('\r\n', at);
  if (line < 0) return 0;
  const count = Number(text.slice(at + 1, line));
  if (text[at] === '$') return text.length < line + 4 + count ? 0 : line + 4 + Math.max(count, -2);
  if (text[at] !== '*') return line + 2;
  let end = line + 2;
  for (let n = 0; n < count; n++) {
    end = endOf(text, end);
    if (end === 0) return 0;
  }
  return end;
}
