import { z } from 'zod';

const id = z.uuid();

/** One place on a board: ranks are 1-1-3, scores are in the board's metric. */
export const rankedSchema = z.strictObject({ personId: id, rank: z.int().positive(), score: z.number() });

const claim = { claimId: id, personId: id, reward: z.string(), rewardName: z.string(), price: z.int() };

/** What a survey's round came to; `score` is the eNPS (−100…100) of an eNPS survey, else the mean. */
export const surveyResultSchema = z.strictObject({
  kind: z.enum(['enps', 'pulse']),
  score: z.number(),
  answers: z.int(),
  /** How many gave each answer. */
  distribution: z.record(z.string(), z.int()),
});

/** How far a goal has come: the metric's total since the launch beside its target. */
export const goalProgressSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  target: z.number(),
  value: z.number(),
  reached: z.boolean(),
});

/** Events told by the engagement service. Ids and numbers only: names and addresses are asked for, never sent. */
export const engagementEvents = {
  /** The directory changed; who keeps a projection asks for the contact again. */
  'person.changed': z.strictObject({
    personId: id,
    change: z.enum(['created', 'updated', 'left', 'erased']),
    /** Of an update: the fields that changed, such as team or zone; values are asked for, never sent. */
    fields: z.array(z.string()).optional(),
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
    /** Of what a workflow recorded: how many workflows have led to it, so that a circle comes to an end. */
    depth: z.int().positive().optional(),
  }),
  /** A workflow said something that is about nobody in particular; heard as an event of its own type. */
  'workflow.emitted': z.strictObject({
    activityType: z.string(),
    data: z.record(z.string(), z.unknown()),
    depth: z.int().positive(),
  }),
  /** A workflow wants another one started; `data` is what its `workflow.started` holds. */
  'workflow.start_requested': z.strictObject({
    workflow: z.string(),
    personId: z.string().nullable(),
    key: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  }),
  /** A workflow wants living runs of another (or, with `all`, of any) ended, but none of its own root run. */
  'workflow.stop_requested': z.strictObject({
    workflow: z.string(),
    personId: z.string().nullable(),
    key: z.string().nullable(),
    exceptRootId: z.string(),
    reason: z.string(),
  }),
  /** The whole programme was stopped by hand, or resumed; of two the one with the higher revision holds. */
  'programme.stopped': z.strictObject({ stopped: z.boolean(), revision: z.int().positive() }),
  /** Another system called in, and its signature was right. */
  'webhook.received': z.strictObject({
    name: z.string(),
    webhookId: z.string(),
    body: z.record(z.string(), z.unknown()),
  }),
  'points.awarded': z.strictObject({
    entryId: id,
    personId: id,
    points: z.int(),
    rule: z.string(),
    ruleVersion: z.int(),
    sourceEventId: z.string(),
  }),
  /** Points of entries were set aside until somebody has looked at them. */
  'points.held': z.strictObject({ holdId: id, personId: id, points: z.int(), reason: z.string() }),
  /** The person says why points that are held are right; whoever reviews should know. */
  'points.appealed': z.strictObject({
    holdId: id,
    personId: id,
    points: z.int(),
    reason: z.string(),
    /** Why they are held. */
    holdReason: z.string(),
  }),
  /** Somebody gave or took points by hand. */
  'points.adjusted': z.strictObject({ entryId: id, personId: id, points: z.int(), reason: z.string() }),
  /** The nightly check found that what is kept of points and what the ledger says differ; somebody must look. */
  'ledger.difference': z.strictObject({ verificationId: id, differences: z.int().positive() }),
  /** Held points were given back. */
  'points.released': z.strictObject({ holdId: id, personId: id, points: z.int(), reason: z.string() }),
  /** Points were taken back for good, held before or not. */
  'points.reversed': z.strictObject({
    personId: id,
    points: z.int(),
    reason: z.string(),
    /** Of points that were held. */
    holdId: id.optional(),
  }),
  'badge.revoked': z.strictObject({
    personId: id,
    badge: z.string(),
    periodKey: z.string(),
    tier: z.enum(['bronze', 'silver', 'gold']).optional(),
    reason: z.string(),
  }),
  /** Somebody chose a reward; its price is reserved. */
  'reward.claimed': z.strictObject(claim),
  'reward.approved': z.strictObject(claim),
  /** The claim was declined and the price given back. */
  'reward.rejected': z.strictObject({ ...claim, reason: z.string() }),
  'reward.fulfilled': z.strictObject(claim),
  /** Somebody has points enough for a reward they wish for; once for each wish. */
  'wish.reachable': z.strictObject({
    personId: id,
    reward: z.string(),
    rewardName: z.string(),
    price: z.int(),
    balance: z.int(),
  }),
  /** A round of a survey is over. `result` is null where fewer than the survey's minimum answered. */
  'survey.closed': z.strictObject({
    roundId: id,
    survey: z.string(),
    periodKey: z.string(),
    answers: z.int(),
    published: z.boolean(),
    result: surveyResultSchema.nullable(),
  }),
  /** A workflow wants a waiting post published. */
  'content.publish_requested': z.strictObject({ postId: id }),
  /** Other files are the programme from now on; who reads some of them asks for them (programme.files). */
  'programme.applied': z.strictObject({ version: z.int() }),
  'programme.launched': z.strictObject({ launchId: id }),
  /** Goals fell due: the month after the launch, and how far each has come. */
  'goals.due': z.strictObject({ months: z.int(), goals: z.array(goalProgressSchema) }),
  'badge.earned': z.strictObject({
    awardId: id,
    personId: id,
    badge: z.string(),
    /** The period it was earned in, for badges that can be earned again; else `all`. */
    periodKey: z.string(),
    /** Of a badge with tiers: the one that was earned. */
    tier: z.enum(['bronze', 'silver', 'gold']).optional(),
  }),
  /** A person's points in all came to a level, once per level; `highest` tells the one of several reached at once. */
  'level.reached': z.strictObject({
    personId: id,
    level: z.string(),
    levelName: z.string(),
    /** What the level asks for. */
    points: z.int(),
    highest: z.boolean(),
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
    /** Of a board of teams, departments or locations, instead of `ranking`. */
    groups: z
      .array(
        z.strictObject({ group: z.string(), rank: z.int().positive(), score: z.number(), members: z.int() }),
      )
      .max(1000)
      .optional(),
  }),
  /** Somebody, a team or everybody together has come to the target of a challenge, once a period. */
  'challenge.finished': z.strictObject({
    finishId: id,
    challenge: z.string(),
    challengeName: z.string(),
    kind: z.enum(['personal', 'team', 'collective']),
    periodKey: z.string(),
    target: z.number(),
    value: z.number(),
    /** Of a personal challenge. */
    personId: id.optional(),
    /** Of a challenge of teams. */
    team: z.string().optional(),
  }),
  /** A week of a league is over and its results are final. */
  'league.closed': z.strictObject({
    weekId: id,
    league: z.string(),
    periodKey: z.string(),
    start: z.iso.datetime(),
    end: z.iso.datetime(),
    groups: z.int(),
    people: z.int(),
    promoted: z.int(),
    demoted: z.int(),
  }),
  /** Somebody goes up or down a tier, as a week of a league has ended; `from` and `to` are names of tiers. */
  'league.moved': z.strictObject({
    weekId: id,
    league: z.string(),
    periodKey: z.string(),
    personId: id,
    promoted: z.boolean(),
    from: z.string(),
    to: z.string(),
    rank: z.int().positive(),
    score: z.number(),
  }),
  /** A message to one person is intended; `intentKey` is unique per (run, step, occurrence, recipient). */
  'notification.requested': z.strictObject({
    intentKey: z.string().min(1).max(500),
    personId: id,
    template: z.string(),
    data: z.record(z.string(), z.unknown()),
    workflow: z.strictObject({ id: z.string(), version: z.int(), runId: z.string(), stepId: z.string() }),
    /** An entry for the recipient's calendar; one with the same uid moves it, or takes it away. */
    calendar: z
      .strictObject({
        uid: z.string().min(1).max(200),
        starts: z.iso.datetime(),
        ends: z.iso.datetime(),
        summary: z.string().min(1).max(200),
        location: z.string().max(300).nullable(),
        url: z.string().max(1000).nullable(),
        cancelled: z.boolean(),
      })
      .optional(),
    /** A question: the mail carries one signed link for each answer, and the first answer given counts. */
    answers: z
      .strictObject({
        askId: z.string().min(1).max(500),
        options: z.array(z.string().min(1).max(60)).min(1).max(21),
        expiresAt: z.iso.datetime(),
        /** Nobody is to know who answered what: beside the mail stands only that it was answered. */
        anonymous: z.boolean().optional(),
      })
      .optional(),
  }),
  /** A workflow wants a message in a channel of the programme; once per intent key. */
  'post.requested': z.strictObject({
    intentKey: z.string().min(1).max(500),
    channel: z.string().max(60),
    template: z.string(),
    data: z.record(z.string(), z.unknown()),
    workflow: z.strictObject({ id: z.string(), version: z.int(), runId: z.string(), stepId: z.string() }),
  }),
};
