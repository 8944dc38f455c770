import { z } from 'zod';
import type { surveyResultSchema } from '#libs/contracts';

/** A survey of one question with a scale; its words stand in the mail that asks. */
export const surveySchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    name: z.string().trim().min(1),
    kind: z.enum(['enps', 'pulse']),
    scale: z.strictObject({ from: z.int().min(0), to: z.int().max(10) }),
    /** A round is one such period; each is asked and published on its own. */
    per: z.enum(['week', 'month', 'quarter']),
    /** Results of fewer answers are never shown. */
    minimum: z.int().min(3).default(5),
  })
  .refine(({ scale }) => scale.from < scale.to, 'the scale must go upwards')
  .refine(
    ({ kind, scale }) => kind !== 'enps' || (scale.to === 10 && scale.from <= 1),
    'an eNPS is asked on a scale from 0 (or 1) to 10',
  );
export const surveysSchema = z.array(surveySchema);
export type Survey = z.infer<typeof surveySchema>;
export type SurveyResult = z.infer<typeof surveyResultSchema>;

/** The answers a survey offers. */
export const optionsOf = ({ scale }: Survey): string[] =>
  Array.from({ length: scale.to - scale.from + 1 }, (_, index) => String(scale.from + index));

/**
 * What a round came to, or null below the survey's minimum. eNPS (Reichheld): the percentage of promoters (9–10) less that of
 * detractors (up to 6), rounded; 25/55/20 of a hundred give +5. A pulse gives the mean, to two places.
 */
export function resultOf(survey: Survey, answers: readonly string[]): SurveyResult | null {
  if (answers.length < survey.minimum) return null;
  const values = answers.map(Number);
  const score = survey.kind === 'enps' ? enps(values) : mean(values);
  return { kind: survey.kind, score, answers: answers.length, distribution: distributionOf(survey, answers) };
}

function enps(values: readonly number[]): number {
  const promoters = values.filter((value) => value >= 9).length;
  const detractors = values.filter((value) => value <= 6).length;
  return Math.round(((promoters - detractors) / values.length) * 100);
}

const mean = (values: readonly number[]): number =>
  Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 100) / 100;

const distributionOf = (survey: Survey, answers: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    optionsOf(survey).map((option) => [option, answers.filter((answer) => answer === option).length]),
  );
