import { z } from 'zod';

const figure = z.int().min(0).max(1_000_000_000).default(0);
/** Totals as the network shows them now; a later report replaces an earlier one. */
export const totalsSchema = z.strictObject({
  impressions: figure,
  reactions: figure,
  comments: figure,
  reshares: figure,
  leads: figure,
  hires: figure,
});
export type Totals = z.infer<typeof totalsSchema>;
