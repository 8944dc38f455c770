import { z } from 'zod';
import { MOST_POINTS } from './rules.js';

const levelSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().min(1),
  /** Points earned in all from which on a person is at this level. */
  points: z.int().min(0).max(MOST_POINTS),
});

/** The levels of a programme, lowest first. */
export const levelsSchema = z
  .array(levelSchema)
  .refine(
    (levels) => levels.every(({ points }, index) => index === 0 || points > levels[index - 1]!.points),
    'each level asks for more points than the one before it',
  );
export type Level = z.infer<typeof levelSchema>;

/** The level that so many points in all come to, or the highest once reached, and the next one. */
export function levelAt(
  levels: readonly Level[],
  lifetime: number,
  reached: ReadonlySet<string>,
): { level: Level | null; next: Level | null } {
  const index = levels.findLastIndex(({ id, points }) => points <= lifetime || reached.has(id));
  return { level: levels[index] ?? null, next: levels[index + 1] ?? null };
}
