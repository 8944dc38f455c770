import type { z } from 'zod';
import type { surveyResultSchema } from '#libs/contracts';
import type { Survey } from '#libs/programme';

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
