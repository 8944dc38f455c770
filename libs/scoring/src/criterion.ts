import { z } from 'zod';
import { capPeriods } from './rules.js';

/** The tiers of a badge, lowest first. */
export const TIERS = ['bronze', 'silver', 'gold'] as const;
export type Tier = (typeof TIERS)[number];

const condition = { metric: z.string(), reaches: z.number().positive() };
const threshold = z.number().positive().optional();

const tiersSchema = z
  .strictObject({ bronze: threshold, silver: threshold, gold: threshold })
  .refine((tiers) => thresholdsOf(tiers).length >= 2, 'name at least two of bronze, silver and gold')
  .refine((tiers) => {
    const steps = thresholdsOf(tiers);
    return steps.every(({ reaches }, index) => index === 0 || reaches > steps[index - 1]!.reaches);
  }, 'each tier asks for more than the one below it');

/** When a badge is earned: a metric, a streak or a set of badges of a person gets there, or metrics of one object do. */
export const criterionSchema = z
  .strictObject({
    metric: z.string().optional(),
    streak: z.string().optional(),
    badges: z.array(z.string()).min(2).optional(),
    all: z.array(z.strictObject(condition)).min(2).optional(),
    reaches: z.number().positive().optional(),
    tiers: tiersSchema.optional(),
    per: z.enum(capPeriods).optional(),
    /** Only the first of the company, or of each team, gets it. */
    first: z.enum(['company', 'team']).optional(),
    of: z
      .string()
      .regex(
        /^(object|event\.[a-zA-Z]\w*)$/,
        'is neither "object" nor a field of the event such as event.postId',
      )
      .optional(),
  })
  .superRefine((criterion, context) => {
    for (const message of mistakesOf(criterion)) context.addIssue({ code: 'custom', message });
  });
export type Criterion = z.infer<typeof criterionSchema>;
type Asked = Omit<Criterion, 'tiers'> & { tiers?: Partial<Record<Tier, number | undefined>> | undefined };

/** A threshold of a criterion, and the tier it brings. */
export interface Step {
  tier: Tier | null;
  reaches: number;
}

const thresholdsOf = (tiers: Partial<Record<Tier, number | undefined>>): { tier: Tier; reaches: number }[] =>
  TIERS.flatMap((tier) => (tiers[tier] === undefined ? [] : [{ tier, reaches: tiers[tier] }]));

/** The thresholds of a criterion, lowest first: one, or one for each tier; none for those that count nothing. */
export const stepsOf = ({ reaches, tiers }: Criterion): Step[] =>
  tiers ? thresholdsOf(tiers) : reaches === undefined ? [] : [{ tier: null, reaches }];

const what = ['metric', 'streak', 'badges', 'all'] as const;

/** Each rule of the language with the sentence that says it. */
const mistakes: [(asked: Asked) => boolean, string][] = [
  [
    (asked) => what.filter((key) => asked[key] !== undefined).length !== 1,
    'say one of "metric", "streak", "badges" and "all"',
  ],
  [
    ({ metric, streak, reaches, tiers }) =>
      (metric ?? streak) !== undefined && (reaches === undefined) === (tiers === undefined),
    'say either "reaches" or "tiers" with "metric" or "streak"',
  ],
  [
    ({ all, badges, reaches, tiers }) => (all ?? badges) !== undefined && (reaches ?? tiers) !== undefined,
    'a list has no threshold of its own',
  ],
  [({ all, of }) => all !== undefined && !of, '"all" asks several things of one object; add "of: object"'],
  [
    ({ of, per }) => of !== undefined && per !== undefined,
    'an object is counted over all time; leave out "per"',
  ],
  [({ of, tiers }) => of !== undefined && tiers !== undefined, 'tiers are of people, not of objects'],
  [
    ({ of, metric, all }) => of !== undefined && (metric ?? all) === undefined,
    'only metrics are counted for objects; leave out "of"',
  ],
  [({ per, metric }) => per !== undefined && metric === undefined, 'only a metric has a "per"'],
  [
    ({ first, metric, of, tiers }) =>
      first !== undefined && (metric === undefined || of !== undefined || tiers !== undefined),
    '"first" goes with a "metric" that "reaches" something',
  ],
];

const mistakesOf = (asked: Asked): string[] =>
  mistakes.filter(([is]) => is(asked)).map(([, message]) => message);
