import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const AT_ONCE = 16;
const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';

/** Visitors follow links until told to stop, whether or not somebody answers. Counts answers by link, and visits without one. */
export function followUntil(origin, links) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const state = { stopped: false, number: 0, unanswered: 0, answered: new Map() };
  const worker = async () => {
    while (!state.stopped) {
      const number = state.number++;
      const link = links[number % links.length];
      const status = await follow(`${origin}/l/${link}`, agent, number);
      if (status === 302) state.answered.set(link, (state.answered.get(link) ?? 0) + 1);
      else if (status !== 'refused') state.unanswered += 1;
      if (status !== 302) await pause(20);
    }
  };
  const workers = Array.from({ length: AT_ONCE }, worker);
  const stop = async () => {
    state.stopped = true;
    await Promise.all(workers);
    agent.destroy();
    return { answered: state.answered, unanswered: state.unanswered };
  };
  return { stop };
}

function follow(url, agent, number) {
  const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  const headers = { 'user-agent': browser, 'x-forwarded-for': address };
  return new Promise((resolve) => {
    const asked = request(url, { agent, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    // Where nobody listens nothing was asked.
    asked.on('error', ({ code }) => resolve(code === 'ECONNREFUSED' ? 'refused' : 'cut off'));
    asked.end();
  });
}
