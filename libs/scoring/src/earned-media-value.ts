import { z } from 'zod';
import type { Activity } from './activity.js';

/** Cost per click and per thousand impressions, in the programme's currency. */
export const rateSchema = z.strictObject({ cpc: z.number().min(0), cpm: z.number().min(0) });
export type Rate = z.infer<typeof rateSchema>;

/** Rates by network; `default` stands for the others. */
export const ratesSchema = z
  .record(z.string(), rateSchema)
  .refine((rates) => rates['default'] !== undefined, {
    message: 'a rate named "default" is needed for networks without one of their own',
  });
export type Rates = z.infer<typeof ratesSchema>;

/** Earned media value = clicks × CPC + impressions / 1000 × CPM (the field's usual formula), unrounded. */
export const earnedMediaValue = (rate: Rate, clicks: number, impressions: number): number =>
  clicks * rate.cpc + (impressions / 1000) * rate.cpm;

/** What one activity adds: a credible click, or newly measured impressions of a share. */
export function valueOf(activity: Activity, rates: Rates): number {
  const rate = rates[String(activity.data['network'])] ?? rates['default']!;
  if (activity.type === 'link.clicked')
    return activity.data['credible'] === true ? earnedMediaValue(rate, 1, 0) : 0;
  if (activity.type === 'share.measured')
    return earnedMediaValue(rate, 0, Number(activity.data['impressions'] ?? 0));
  return 0;
}
