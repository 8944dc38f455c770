import { z } from 'zod';
import { parseDuration, roughLength } from '#libs/calendar';
import type { Activity } from './activity.js';
import { isUuid } from './activity.js';
import { conditionSchema, holds } from './condition.js';

const eventField = z.string().regex(/^event\.[a-zA-Z]\w*$/, 'is no field of the event such as event.text');

/**
 * What looks too good: more than so many within a time, the same thing again, something given back and forth, or whatever a condition
 * says. Points it brought are held until somebody has looked.
 */
export const fairPlayCheckSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    /** Told to the person as the reason. */
    name: z.string().min(1).max(200),
    when: z.string(),
    if: conditionSchema.optional(),
    more_than: z.int().min(1).max(1000).default(1),
    within: z
      .string()
      .refine((text) => parseDuration(text).ok, 'is not a duration such as 10m or 7d')
      .optional(),
    /** Only what is alike in these counts: the object, fields of the event. */
    same: z
      .array(z.union([z.literal('object'), eventField]))
      .min(1)
      .optional(),
    /** Instead of more of the same type: what was done just before, such as the share that a visit follows in seconds. */
    after: z.string().optional(),
    /** Instead of what the person did: what the one named here did towards the person. */
    back: eventField.optional(),
  })
  .refine(({ within, if: condition }) => within !== undefined || condition !== undefined, {
    message: 'say what is suspicious: "within" with a time, or "if" with a condition',
  })
  .refine(({ same, back }) => !(same && back), { message: 'say either "same" or "back"' });
export const fairPlaySchema = z.array(fairPlayCheckSchema);
export type FairPlayCheck = z.infer<typeof fairPlayCheckSchema>;

/**
 * A question to the log: did this person do so many of a type, alike in these, within the time? Whoever reports may tell the newest first:
 * what happened later counts as well where the log knows it.
 */
export interface LogQuestion {
  check: FairPlayCheck;
  activity: Activity;
  personId: string;
  type: string;
  /** Fields that must be equal. */
  same: Record<string, unknown>;
  /** The object that must be the same; undefined where it does not matter. */
  objectId?: string;
  /** Only what names this person (a UUID in any case) in this field. */
  towards?: { field: string; personId: string };
  /** Milliseconds that lie between the first and the last, exclusive. */
  within: number;
  /** Only what comes before: something that follows on something else. */
  isAfter: boolean;
  /** Suspicious from this many on. */
  most: number;
}

export interface Suspicions {
  /** Suspicious by themselves. */
  certain: { check: FairPlayCheck; activity: Activity }[];
  /** Suspicious if the log says so. */
  questions: LogQuestion[];
}

/** What the checks make of a batch. */
export function suspicionsOf(activities: readonly Activity[], checks: readonly FairPlayCheck[]): Suspicions {
  const found: Suspicions = { certain: [], questions: [] };
  for (const activity of activities)
    for (const check of checks) {
      if (check.when !== activity.type || !holds(check.if, activity)) continue;
      if (check.within === undefined) found.certain.push({ check, activity });
      else found.questions.push(...questionOf(check, activity));
    }
  return found;
}

function questionOf(check: FairPlayCheck, activity: Activity): LogQuestion[] {
  const { personId, objectId, data } = activity;
  const duration = parseDuration(check.within!);
  const within = duration.ok ? roughLength(duration.duration) : 0;
  const isAfter = check.after !== undefined;
  const base = { check, activity, type: check.after ?? check.when, within, isAfter, most: check.more_than };
  if (check.back !== undefined) {
    const field = fieldOf(check.back);
    const named = data[field];
    const other = typeof named === 'string' ? named.toLowerCase() : null;
    return isUuid(other) && other !== personId
      ? [{ ...base, personId: other, same: {}, towards: { field, personId } }]
      : [];
  }
  const fields = (check.same ?? []).filter((name) => name !== 'object').map(fieldOf);
  const same = Object.fromEntries(fields.map((field) => [field, data[field]]));
  const byObject = check.same?.includes('object') ?? false;
  // What names nothing is like nothing.
  if (Object.values(same).some((value) => value === undefined || value === null)) return [];
  if (!byObject) return [{ ...base, personId, same }];
  return objectId === null ? [] : [{ ...base, personId, same, objectId }];
}

const fieldOf = (name: string): string => name.slice('event.'.length);
