/** hard: never writes there again. soft: may succeed later or with another mail. The others are no bounces. */
export type BounceKind = 'hard' | 'soft' | 'auto-reply' | 'complaint' | 'other';

/** What a mail that came to the return path says. */
export interface BounceReading {
  kind: BounceKind;
  /** Whom the returned mail was for, of several the first that failed; null when it does not say. */
  recipient: string | null;
  /** The enhanced status code (RFC 3463), or null. */
  status: string | null;
  /** One line of at most 200 characters, for people. */
  reason: string;
  /** Everybody the mail failed for. */
  recipients: string[];
  /** Of a soft one: the server goes on trying. */
  delayed: boolean;
  /** Message-IDs of the returned mail, without brackets. */
  messageIds: string[];
  /** Addresses this mail itself was sent to, as its head says. */
  sentTo: string[];
}

/** A reading without what every mail has. */
export type Finding = Omit<BounceReading, 'messageIds' | 'sentTo'>;

/** What a mail that is no bounce says of one. */
export const none = { status: null, recipients: [], delayed: false };
