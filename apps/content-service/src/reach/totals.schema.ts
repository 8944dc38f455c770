import { z } from 'zod';

/** The figures that networks show of a share. `reactions` are likes and their kin. */
export const figures = ['impressions', 'reactions', 'comments', 'reshares', 'leads', 'hires'] as const;
export type Figures = Record<(typeof figures)[number], number>;

const MOST = 1_000_000_000;
const figure = z.int().min(0).max(MOST).default(0);
const measuredAt = z.iso.datetime({ offset: true }).optional();
/** In a file figures are texts, and an empty field is a 0. */
const written = z
  .string()
  .regex(/^\d{1,10}$/, 'must be a whole number, 0 or more')
  .transform(Number)
  .refine((number) => number <= MOST, `must be at most ${MOST}`)
  .default(0);

const ofEach = <T extends z.ZodType>(schema: T): Record<keyof Figures, T> =>
  Object.fromEntries(figures.map((name) => [name, schema])) as Record<keyof Figures, T>;

/** Totals as the network showed them at `measuredAt`, now unless told; what is not named is 0. */
export const totalsSchema = z.strictObject({ ...ofEach(figure), measuredAt });
export type Totals = z.infer<typeof totalsSchema>;

/** How a share is named: by its id, its tracked link, or the partner's own id. */
const names = {
  shareId: z.uuid().optional(),
  link: z.string().max(2000).optional(),
  externalId: z.string().trim().min(1).max(200).optional(),
};
const namedOnce = (report: { shareId?: unknown; link?: unknown; externalId?: unknown }): boolean =>
  [report.shareId, report.link, report.externalId].filter((name) => name !== undefined).length === 1;
const NAMED_ONCE = 'name the share by one of shareId, link and externalId';

/** Totals of a named share. */
export const reportSchema = z.strictObject({ ...names, ...totalsSchema.shape }).refine(namedOnce, NAMED_ONCE);
export type Report = z.infer<typeof reportSchema>;

/** A line of a file. */
export const lineSchema = z
  .strictObject({ ...names, ...ofEach(written), measuredAt })
  .refine(namedOnce, 'name the share by one of share_id, link and external_id');
