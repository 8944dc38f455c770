import { z } from 'zod';
import { contentSettingsSchema } from './programme-content.js';
import { mailSettingsSchema } from './programme-mail.js';
import { pointsSettingsSchema } from './programme-points.js';

const weekdays = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

const text = z.string().trim().min(1);
// It stands in the head of mails, where a line break would start a header of its own.
const oneLine = text.refine(
  (value) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value),
  'must not hold control characters',
);
const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour like "#1f6f5c"');
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "22:00"');
const rate = z.strictObject({ cpc: z.number().min(0), cpm: z.number().min(0) });

/** `programme.yaml`: the name and voice of the programme and where its people are. Every service reads it by this schema. */
export const programmeSchema = z.strictObject({
  name: oneLine,
  company: oneLine,
  sender: z.strictObject({ name: oneLine, email: z.email() }),
  brand: z.strictObject({
    colour,
    accent: colour,
    background: colour,
    logo: z.url({ protocol: /^https$/, error: 'must be an address that begins with https://' }).optional(),
  }),
  /** The first is the fallback. */
  locales: z
    .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language tag such as it or pt-BR'))
    .min(1),
  zone: z.string().refine(isZone, 'is not an IANA time zone such as Europe/Rome'),
  /** Read as ISO weekday numbers, Monday 1. */
  working_days: z
    .array(z.enum(weekdays))
    .min(1)
    .transform((days) => days.map((day) => weekdays.indexOf(day) + 1)),
  /** Local times between which no mail is sent; `to` may lie on the next morning. Without them mails go out at any hour. */
  quiet_hours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
  locations: z.record(z.string(), z.strictObject({ holidays: z.array(z.iso.date()) })),
  /** What people do that no service of the suite tells of, such as training.attended, and the fields its data has. */
  activities: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/, 'is not a type such as training.attended'),
      z.strictObject({
        fields: z
          .record(
            z.string().regex(/^[a-z][A-Za-z0-9_]*$/, 'is not a name such as course'),
            z.enum(['string', 'number', 'boolean']),
          )
          .optional(),
      }),
    )
    .optional(),
  /** How the library is kept; without it nothing needs approval and no goals are set. */
  content: contentSettingsSchema.optional(),
  /** How many mails and when; without it no limit of their number holds. */
  mail: mailSettingsSchema.optional(),
  /** Budgets over all rules and expiry; without it neither. */
  points: pointsSettingsSchema.optional(),
  earned_media_value: z.strictObject({
    currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR'),
    /** Cost per click and per thousand impressions by network. */
    rates: z
      .record(z.string(), rate)
      .refine(
        (rates) => Object.hasOwn(rates, 'default'),
        'a rate named "default" is needed for networks without one of their own',
      ),
  }),
});
export type ProgrammeSettings = z.infer<typeof programmeSchema>;

function isZone(name: string): boolean {
  try {
    // An offset such as +01:00 is taken by newer runtimes only.
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false; // Intl tells an unknown zone only by throwing
  }
}
