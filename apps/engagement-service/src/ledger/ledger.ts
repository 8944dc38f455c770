/** What stands in the place of a rule where somebody gave or took points by hand; no rule can be called so. */
export const BY_HAND = 'by-hand:adjustment';

/** What stands in the place of a rule where points were not spent in time. */
export const EXPIRY = 'points:expiry';

/** Work on the whole ledger, page by page. */
export interface LedgerJob {
  id: string;
  job: 'verification' | 'rebuild' | 'expiry';
  /** The local date of the programme it was due on; null when it was ordered by hand. */
  night: string | null;
  state: 'running' | 'done';
  cursor: string | null;
  people: number;
  differences: number;
  /** Of an expiry: what was earned before is gone when it is not spent. */
  cutoff: Date | null;
  startedAt: Date;
  endedAt: Date | null;
}

/** Something that is kept beside the ledger and does not agree with it. */
export interface LedgerDifference {
  personId: string | null;
  /** `balance`, `lifetime`, or `budget <rule> <period>`. */
  what: string;
  kept: number;
  summed: number;
}
