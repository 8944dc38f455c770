import { z } from 'zod';
import { isZone } from '#libs/calendar';
import { ratesSchema } from '#libs/scoring';

const weekdays = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

/** `programme.yaml`: the name and voice of the programme and where its people are. */
export const programmeSchema = z.strictObject({
  name: z.string().min(1),
  company: z.string().min(1),
  sender: z.strictObject({ name: z.string().min(1), email: z.email() }),
  brand: z.strictObject({
    colour: z.string(),
    accent: z.string(),
    background: z.string(),
    logo: z.url().optional(),
  }),
  locales: z.array(z.string()).min(1),
  zone: z.string().refine(isZone, 'is not an IANA time zone such as Europe/Rome'),
  /** Read as ISO weekday numbers, Monday 1. */
  working_days: z.array(z.enum(weekdays)).transform((days) => days.map((day) => weekdays.indexOf(day) + 1)),
  locations: z.record(z.string(), z.strictObject({ holidays: z.array(z.iso.date()) })),
  earned_media_value: z.strictObject({ currency: z.string().length(3), rates: ratesSchema }),
});
export type ProgrammeSettings = z.infer<typeof programmeSchema>;
