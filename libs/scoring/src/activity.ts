/** Something a person did, as scoring sees it. */
export interface Activity {
  id: string;
  /** `content.shared`, `link.clicked`, `training.attended` … */
  type: string;
  personId: string;
  /** What it was done to (a share, a post, a training), for per-object rules. */
  objectId: string | null;
  /** Epoch milliseconds. */
  occurredAt: number;
  /** The local date it happened on for that person, `YYYY-MM-DD`. */
  day: string;
  /** What rules may ask for as `event.…`. */
  data: Record<string, unknown>;
}

/** Earliest first and independent of how a batch was put together, so that caps hit the same activity every time. */
export const inOrder = (a: Activity, b: Activity): number =>
  a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
