import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

/**
 * Requests one after the other on each of so many connections, over so many seconds. It speaks just enough HTTP for answers without a
 * body, so that as little as possible of the machine goes into asking. Returns the answers a second, the 99th percentile (ms), how many
 * were answered, and which share of one core the asking took.
 */
export async function load(origin, requestOf, { connections, seconds, expect = 'HTTP/1.1 302 ' }) {
  const { hostname, port } = new URL(origin);
  const run = { latencies: [], until: performance.now() + seconds * 1000, number: 0, requestOf, expect };
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: connections }, () => ask(run, { host: hostname, port: Number(port) })),
  );
  const took = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  run.latencies.sort((a, b) => a - b);
  return {
    answered: run.latencies.length,
    perSecond: run.latencies.length / took,
    p99: run.latencies[Math.floor(run.latencies.length * 0.99)],
    asking: (user + system) / 1e6 / took,
  };
}

function ask(run, where) {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...where, noDelay: true });
    let begin = 0;
    let text = '';
    const next = () => {
      if (performance.now() > run.until) return socket.end();
      begin = performance.now();
      socket.write(run.requestOf(run.number++));
    };
    socket.setEncoding('latin1');
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      text += chunk;
      if (!text.endsWith('\r\n\r\n')) return;
      if (!text.startsWith(run.expect))
        return socket.destroy(new Error(`answered with ${text.slice(0, 80)}`));
      text = '';
      run.latencies.push(performance.now() - begin);
      next();
    });
    socket.on('error', reject);
    socket.on('close', resolve);
  });
}
