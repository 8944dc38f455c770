import type { ProgrammeSettings } from '#libs/contracts';
import type { Activity } from './activity.js';

/** Rates by network; `default` stands for the others. */
export type Rates = ProgrammeSettings['earned_media_value']['rates'];
/** Cost per click and per thousand impressions, in the programme's currency. */
export type Rate = Rates[string];

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
