import { z } from 'zod';
import { channelsSchema, programmeSchema } from '#libs/contracts';
import {
  badgesSchema,
  boardsSchema,
  challengesSchema,
  fairPlaySchema,
  leaguesSchema,
  levelsSchema,
  metricsSchema,
  rulesSchema,
  streaksSchema,
} from '#libs/scoring';
import { goalsSchema } from './goals.js';
import { rewardBudgetsSchema, rewardsSchema } from './rewards.js';
import { surveysSchema } from './surveys.js';

const schemas: Readonly<Record<string, z.ZodType>> = {
  programme: programmeSchema,
  metrics: metricsSchema,
  rules: rulesSchema,
  'fair-play': fairPlaySchema,
  badges: badgesSchema,
  boards: boardsSchema,
  rewards: rewardsSchema,
  'reward-budgets': rewardBudgetsSchema,
  surveys: surveysSchema,
  goals: goalsSchema,
  streaks: streaksSchema,
  leagues: leaguesSchema,
  challenges: challengesSchema,
  levels: levelsSchema,
  channels: channelsSchema,
};

/** JSON Schemas (draft 2020-12) of the files beside the workflows, by the name without `.yaml`, for editors. They ask for shape only. */
export const programmeJsonSchemas = (): Record<string, object> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    ]),
  );
