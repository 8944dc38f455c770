import { createServer } from 'node:net';
import { codeOf } from '../errors.js';

function listenOn(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

/** A TCP port of this machine that was free a moment ago. */
export function freePort(): Promise<number> {
  return listenOn(0, '127.0.0.1');
}

/** Whether `port` can be listened on now; errors other than "in use" and "not permitted" are thrown. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  try {
    await listenOn(port, host);
    return true;
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes(codeOf(error))) return false;
    throw error;
  }
}
