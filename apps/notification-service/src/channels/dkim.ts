import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Env } from '../env.js';

/** Signing as nodemailer takes it. */
export interface Dkim {
  domainName: string;
  keySelector: string;
  privateKey: string;
  headerFieldNames: string;
}

/** RFC 8058 wants the fields of one-click unsubscribing under the signature; the others say who writes, to whom, and what. */
const SIGNED = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'Auto-Submitted',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
];

/** The key by which mails are signed, if one is set. Throws when its file is not there or holds no RSA private key. */
export function readDkim(env: Env): Dkim | undefined {
  const { DKIM_PRIVATE_KEY_FILE: file, DKIM_SELECTOR: keySelector, DKIM_DOMAIN: domainName } = env;
  if (!file || !keySelector || !domainName) return undefined;
  const privateKey = readFileSync(file, 'utf8');
  if (typeOf(privateKey) !== 'rsa')
    throw new Error(`DKIM_PRIVATE_KEY_FILE: ${file} holds no RSA private key in PEM`);
  return { domainName, keySelector, privateKey, headerFieldNames: SIGNED.join(':') };
}

function typeOf(pem: string): string | undefined {
  try {
    return createPrivateKey(pem).asymmetricKeyType;
  } catch {
    return undefined; // crypto tells a text that is no key only by throwing
  }
}
