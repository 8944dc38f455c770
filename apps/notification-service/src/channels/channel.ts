/** The address does not exist: as said on the spot, with the enhanced status code (RFC 3463) where there was one. */
export interface Gone {
  address: string;
  status: string | null;
  reason: string;
}

/** What came of handing a message over: taken, refused for good, certainly not taken yet (`notBefore`: the other side names an instant), or nobody knows. */
export type Handed =
  | { kind: 'sent' }
  | { kind: 'failed'; reason: string; gone?: Gone }
  | { kind: 'later'; reason: string; notBefore?: Date }
  | { kind: 'unknown'; reason: string };

/** A way out: mail, or a channel of the programme. */
export interface Channel<M> {
  /** What is written to at one pace: a mail domain, a webhook. */
  laneOf(message: M): string;
  /** Never throws: what happened is the answer. Reasons hold no address and no secret. */
  send(message: M): Promise<Handed>;
}
