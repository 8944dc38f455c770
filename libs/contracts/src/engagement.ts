import { z } from 'zod';

const id = z.uuid();

/** One place on a board: ranks are 1-1-3, scores are in the board's metric. */
export const rankedSchema = z.strictObject({ personId: id, rank: z.int().positive(), score: z.number() });

/** Events told by the engagement service. Ids and numbers only: names and addresses are asked for, never sent. */
export const engagementEvents = {
  /** The directory changed; who keeps a projection asks for the contact again. */
  'person.changed': z.strictObject({
    personId: id,
    change: z.enum(['created', 'updated', 'left', 'erased']),
  }),
  'invitation.sent': z.strictObject({ invitationId: id, personId: id, wave: z.string() }),
  'invitation.accepted': z.strictObject({ invitationId: id, personId: id }),
  /** Something a person did that no other service tells of (training attended, thanks given …). */
  'activity.recorded': z.strictObject({
    activityId: z.string(),
    activityType: z.string(),
    personId: id,
    objectId: z.string().nullable(),
    value: z.number(),
    data: z.record(z.string(), z.unknown()),
  }),
  'points.awarded': z.strictObject({
    entryId: id,
    personId: id,
    points: z.int(),
    rule: z.string(),
    ruleVersion: z.int(),
    sourceEventId: z.string(),
  }),
  'badge.earned': z.strictObject({
    awardId: id,
    personId: id,
    badge: z.string(),
    /** The period it was earned in, for badges that can be earned again; else `all`. */
    periodKey: z.string(),
  }),
  /** A named metric of a person crossed a threshold that a workflow watches, once per period. */
  'metric.reached': z.strictObject({
    personId: id,
    metric: z.string(),
    per: z.enum(['day', 'week', 'month', 'quarter', 'all_time']),
    periodKey: z.string(),
    threshold: z.number(),
    value: z.number(),
  }),
  /** A board's period ended and its snapshot is frozen. `ranking` is the whole snapshot up to 1,000 places. */
  'board.closed': z.strictObject({
    closingId: id,
    board: z.string(),
    periodKey: z.string(),
    start: z.iso.datetime(),
    end: z.iso.datetime(),
    participants: z.int(),
    ranking: z.array(rankedSchema).max(1000),
  }),
  /** A message to one person is intended; `intentKey` is unique per (run, step, occurrence, recipient). */
  'notification.requested': z.strictObject({
    intentKey: z.string().min(1).max(500),
    personId: id,
    template: z.string(),
    data: z.record(z.string(), z.unknown()),
    workflow: z.strictObject({ id: z.string(), version: z.int(), runId: z.string(), stepId: z.string() }),
    /** A question: the mail carries one signed link for each answer, and the first answer given counts. */
    answers: z
      .strictObject({
        askId: z.string().min(1).max(500),
        options: z.array(z.string().min(1).max(60)).min(1).max(21),
        expiresAt: z.iso.datetime(),
      })
      .optional(),
  }),
};
