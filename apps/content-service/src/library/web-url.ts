import { z } from 'zod';
import { leadsOutside } from '../sources/hosts.js';

/** An address that is published: http(s), of a public host, and without anybody's password. */
export const webUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) address' })
  .max(2000)
  // An address that is none has been told of already.
  .refine(
    (text) => !URL.canParse(text) || leadsOutside(text),
    'is not an address that people outside can follow',
  )
  .refine(
    (text) => !URL.canParse(text) || !hasCredentials(new URL(text)),
    'has a user name or password in it',
  );

const hasCredentials = ({ username, password }: URL): boolean => username !== '' || password !== '';
