import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { programmeSchema } from '#libs/contracts';
import type { ProgrammeSettings } from '#libs/contracts';
import { ENV, readYaml } from '#libs/platform';
import { badgesSchema, boardsSchema, metricsSchema, rulesSchema } from '#libs/scoring';
import type { Badge, Board, Metric, Metrics, RuleDefinition } from '#libs/scoring';
import type { Env } from '../env.js';
import { goalsSchema } from '../goals/goal.js';
import type { Goal } from '../goals/goal.js';
import { rewardsSchema } from '../rewards/reward.js';
import type { Reward } from '../rewards/reward.js';
import { surveysSchema } from '../surveys/survey.js';
import type { Survey } from '../surveys/survey.js';

/** The programme as data, read once at start. A mistake stops the start and names file and line. */
@Injectable()
export class ProgrammeService {
  readonly settings: ProgrammeSettings;
  readonly metrics: Metrics;
  readonly rules: RuleDefinition[];
  readonly badges: Badge[];
  readonly boards: Board[];
  readonly rewards: Reward[];
  readonly surveys: Survey[];
  readonly goals: Goal[];
  /** Ids of the mail templates; the notification service owns what is in them. */
  readonly templates: ReadonlySet<string>;
  /** Types of activities that the programme declares, or that rules and metrics listen to. */
  readonly activityTypes: ReadonlySet<string>;

  constructor(@Inject(ENV) private readonly env: Env) {
    this.settings = this.read('programme.yaml', programmeSchema);
    this.metrics = this.read('metrics.yaml', metricsSchema);
    this.rules = this.read('rules.yaml', rulesSchema);
    this.badges = this.read('badges.yaml', badgesSchema);
    this.boards = this.read('boards.yaml', boardsSchema);
    this.rewards = this.readIfThere('rewards.yaml', rewardsSchema);
    this.surveys = this.readIfThere('surveys.yaml', surveysSchema);
    this.goals = this.readIfThere('goals.yaml', goalsSchema);
    this.templates = new Set(this.namesIn('templates', '.sample.yaml'));
    this.activityTypes = new Set([
      ...Object.keys(this.settings.activities ?? {}),
      ...this.rules.map((rule) => rule.when),
      ...Object.values(this.metrics).flatMap(typesOf),
    ]);
  }

  path(...parts: string[]): string {
    return join(this.env.PROGRAMME_DIR, ...parts);
  }

  private namesIn(folder: string, ending: string): string[] {
    const path = this.path(folder);
    if (!existsSync(path)) return [];
    return readdirSync(path).flatMap((file) =>
      file.endsWith(ending) ? [file.slice(0, -ending.length)] : [],
    );
  }

  /** What a programme need not have: without the file the list is empty. */
  private readIfThere<S extends z.ZodArray>(file: string, schema: S): z.infer<S> {
    return existsSync(this.path(file)) ? this.read(file, schema) : ([] as z.infer<S>);
  }

  private read<S extends z.ZodType>(file: string, schema: S): z.infer<S> {
    const path = this.path(file);
    if (!existsSync(path))
      throw new Error(
        `The programme has no ${file}: ${path} is missing. Set PROGRAMME_DIR to a programme folder.`,
      );
    return readYaml(path, schema);
  }
}

const typesOf = (metric: Metric): string[] =>
  'count' in metric ? [metric.count] : 'sum' in metric ? [metric.sum] : [];
