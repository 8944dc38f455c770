import { Inject, Injectable } from '@nestjs/common';
import { Clock, ENV, readToken, signToken } from '#libs/platform';
import type { TokenReading } from '#libs/platform';
import type { Env } from '../env.js';

/** What a link in a mail is for; the purpose is signed, so a link of one kind is no good as another. */
export type LinkPurpose = 'unsubscribe' | 'pause' | 'answers' | 'preferences' | 'letters';

/** Old mails must stay unsubscribable. */
const VALID_YEARS = 10;

/** The signed links that stand in mails: who holds one may do that one thing for that one person, and nothing else. */
@Injectable()
export class MailLinks {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  /** `subject` must be URL-safe and hold no dot; the link expires in ten years unless told. */
  urlFor(purpose: LinkPurpose, subject: string, expiry = this.farAway()): string {
    const token = signToken(this.env.LAUREL_SECRET, purpose, subject, expiry);
    return `${this.env.PUBLIC_NOTIFICATION_URL.replace(/\/+$/, '')}/notification/${purpose}/${token}`;
  }

  /** The subject of a genuine token; expired ones are told apart from forged ones. */
  read(purpose: LinkPurpose, token: string): TokenReading {
    return readToken(this.env.LAUREL_SECRET, purpose, token, this.clock.now());
  }

  private farAway(): Date {
    const expiry = this.clock.now();
    expiry.setUTCFullYear(expiry.getUTCFullYear() + VALID_YEARS);
    return expiry;
  }
}
