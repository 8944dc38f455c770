import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** The other side of calls: at /moody it fails up to twice before it answers well, at /never always. It remembers what it was asked. */
export async function startReceiver(chance) {
  const seen = new Map();
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  async function answer(request, response) {
    const { about } = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));
    const id = request.headers['webhook-id'];
    const call = seen.get(id) ?? { about, path: request.url, asked: 0, ok: 0, moods: chance.below(3) };
    seen.set(id, call);
    if (call.about !== about) throw new Error('one webhook-id for two matters');
    call.asked += 1;
    // Long enough that some are under way when the service is killed.
    await pause(chance.between(1, 400));
    const bad = request.url === '/never' || call.asked <= call.moods;
    if (bad && chance.below(3) === 0) return request.socket.destroy();
    if (!bad) call.ok += 1;
    response.writeHead(bad ? 503 : 200, { 'content-type': 'application/json' }).end('{}');
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${server.address().port}`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { host, url: `http://${host}`, seen, stop };
}
