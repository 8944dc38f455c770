import { createHmac } from 'node:crypto';

/** The id of the link that is hidden where only programs find it; it looks like any other. */
export const honeypotId = (secret: string): string =>
  createHmac('sha256', secret).update('honeypot link').digest('base64url').slice(0, 22);
