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

/** The programme as data, read once at start. A mistake stops the start and names file and line. */
@Injectable()
export class ProgrammeService {
  readonly settings: ProgrammeSettings;
  readonly metrics: Metrics;
  readonly rules: RuleDefinition[];
  readonly badges: Badge[];
  readonly boards: Board[];
  /** Ids of the mail templates; the notification service owns what is in them. */
  readonly templates: ReadonlySet<string>;
  /** Types of activities that rules and metrics listen to. */
  readonly activityTypes: ReadonlySet<string>;

  constructor(@Inject(ENV) private readonly env: Env) {
    this.settings = this.read('programme.yaml', programmeSchema);
    this.metrics = this.read('metrics.yaml', metricsSchema);
    this.rules = this.read('rules.yaml', rulesSchema);
    this.badges = this.read('badges.yaml', badgesSchema);
    this.boards = this.read('boards.yaml', boardsSchema);
    this.templates = new Set(this.namesIn('templates', '.sample.yaml'));
    this.activityTypes = new Set([
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
