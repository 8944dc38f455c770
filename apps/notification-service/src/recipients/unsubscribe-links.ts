import { Inject, Injectable } from '@nestjs/common';
import { Clock, ENV, readToken, signToken } from '#libs/platform';
import type { Env } from '../env.js';

const PURPOSE = 'unsubscribe';
/** Old mails must stay unsubscribable. */
const VALID_YEARS = 10;

/** The signed links that stand in every mail: who holds one may unsubscribe that one person, and nothing else. */
@Injectable()
export class UnsubscribeLinks {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  urlFor(personId: string): string {
    const expiry = this.clock.now();
    expiry.setUTCFullYear(expiry.getUTCFullYear() + VALID_YEARS);
    const token = signToken(this.env.LAUREL_SECRET, PURPOSE, personId, expiry);
    return `${this.env.PUBLIC_NOTIFICATION_URL.replace(/\/+$/, '')}/notification/unsubscribe/${token}`;
  }

  /** The person of a genuine token, else null. */
  personOf(token: string): string | null {
    const reading = readToken(this.env.LAUREL_SECRET, PURPOSE, token, this.clock.now());
    return reading.ok ? reading.subject : null;
  }
}
