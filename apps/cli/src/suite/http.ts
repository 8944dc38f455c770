import { get, type OutgoingHttpHeaders } from 'node:http';

/** The status a GET is answered with, or 0 when nobody answers in time. Rejects never. */
export function statusOf(url: string, headers: OutgoingHttpHeaders = {}, patience = 2_000): Promise<number> {
  return new Promise((resolve) => {
    const request = get(url, { headers, timeout: patience }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(0));
  });
}
