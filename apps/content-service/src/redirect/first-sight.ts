import { createHmac, hash } from 'node:crypto';
import { isbot } from 'isbot';

/** What is looked at of a request; none of it is stored. */
export interface Sight {
  ip: string;
  userAgent: string | undefined;
  purpose: string | undefined;
}

const DAY_MS = 86_400_000;
const REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 500;

/** Looks at visitors as they come by: what speaks against a person at first sight, and who it is for today. */
export class FirstSight {
  private readonly agents = new Map<string, boolean>();
  private salt = { day: -1, text: '' };

  constructor(private readonly secret: string) {}

  /** Why a visit is not credible as a person's; empty when nothing speaks against it. */
  doubts({ userAgent, purpose }: Sight): string[] {
    const reasons: string[] = [];
    if (!userAgent) reasons.push('no user agent');
    else if (this.isBot(userAgent)) reasons.push('known bot');
    if (purpose !== undefined && /prefetch|preview|prerender/i.test(purpose)) reasons.push('prefetch');
    return reasons;
  }

  /** A visitor for one day: the salt changes at midnight UTC, so nobody can be followed from day to day. `now` in epoch ms. */
  visitor({ ip, userAgent }: Sight, now: number): string {
    const text = `${this.saltOf(Math.floor(now / DAY_MS))}\u0000${ip}\u0000${userAgent ?? ''}`;
    return hash('sha256', text, 'base64url').slice(0, 22);
  }

  private saltOf(day: number): string {
    if (this.salt.day !== day) {
      const text = createHmac('sha256', this.secret).update(`visitor\u0000${day}`).digest('base64url');
      this.salt = { day, text };
    }
    return this.salt.text;
  }

  /** Most visitors come with one of a few programs: matching each against the whole list every time would be dear. */
  private isBot(userAgent: string): boolean {
    const known = this.agents.get(userAgent);
    if (known !== undefined) return known;
    const bot = isbot(userAgent);
    if (userAgent.length > LONGEST_REMEMBERED) return bot;
    if (this.agents.size >= REMEMBERED) this.agents.clear();
    this.agents.set(userAgent, bot);
    return bot;
  }
}
