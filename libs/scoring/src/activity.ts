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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a field could name a person or an activity: a UUID in lower case. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

/** Earliest first and independent of how a batch was put together, so that caps hit the same activity every time. */
export const inOrder = (a: Activity, b: Activity): number =>
  a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
