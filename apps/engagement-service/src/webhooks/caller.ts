import { OutboundRefused, callSecret, outbound, signWebhook } from '#libs/platform';
import type { Call, CallResult } from './calls.query.js';
import { storable } from './storable.js';

const MAX_ANSWER_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

/** What a call needs beside itself. */
export interface CallerOptions {
  /** The suite's own secret. */
  secret: string;
  /** `host:port` that may be called although not public, and by http. */
  allowHosts: readonly string[];
  at: Date;
}

/** Makes one signed call. Never throws: what goes wrong is the result. */
export async function makeCall(
  call: Pick<Call, 'url' | 'webhookId' | 'body'>,
  options: CallerOptions,
): Promise<CallResult> {
  const body = JSON.stringify(call.body);
  try {
    const url = allowed(call.url, options.allowHosts);
    const signed = signWebhook(callSecret(options.secret, url.origin), call.webhookId, options.at, body);
    const answer = await outbound(call.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Laurel', ...signed },
      body,
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
      allowHosts: options.allowHosts,
      redirects: 0,
    });
    const ok = answer.status >= 200 && answer.status < 300;
    const error = ok ? null : `it was answered with ${answer.status}`;
    return { ok, status: answer.status, body: readAnswer(answer.body), error };
  } catch (error) {
    return { ok: false, status: null, body: null, error: wordsOf(error) };
  }
}

function allowed(address: string, allowHosts: readonly string[]): URL {
  const url = new URL(address);
  if (url.protocol === 'https:' || allowHosts.includes(url.host)) return url;
  throw new OutboundRefused(`${url.origin} is not https`);
}

/** JSON where it is JSON, otherwise its text; nothing where it is empty. */
function readAnswer(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (text.trim() === '') return null;
  try {
    return storable(JSON.parse(text));
  } catch {
    return storable(text); // no JSON: it is kept as it is
  }
}

function wordsOf(error: unknown): string {
  const { message, name, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  return message || (cause as Error | undefined)?.message || name;
}
