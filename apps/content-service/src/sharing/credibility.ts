import { createHmac } from 'node:crypto';
import { isbot } from 'isbot';

/** What is looked at of a request; none of it is stored. */
export interface Visit {
  ip: string;
  userAgent: string | undefined;
  purpose: string | undefined;
}

/** Why a click is not credible as a human visit; empty when nothing speaks against it. */
export function doubts({ userAgent, purpose }: Visit): string[] {
  return [
    ...(userAgent ? [] : ['no user agent']),
    ...(userAgent && isbot(userAgent) ? ['known bot'] : []),
    ...(purpose && /prefetch|preview|prerender/i.test(purpose) ? ['prefetch'] : []),
  ];
}

/** A visitor for one day: the salt changes at midnight UTC, so nobody can be followed from day to day. */
export function visitorHash(secret: string, { ip, userAgent }: Visit, now: Date): string {
  const salt = createHmac('sha256', secret)
    .update(`visitor\u0000${now.toISOString().slice(0, 10)}`)
    .digest();
  return createHmac('sha256', salt)
    .update(`${ip}\u0000${userAgent ?? ''}`)
    .digest('base64url')
    .slice(0, 22);
}
