import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { mixOf } from './mix.js';
import type { Mix } from './mix.js';
import { publishedCounts, teamCounts } from './mix.query.js';

const DAY_MS = 86_400_000;

/** The mix of a window, of the whole programme and of every team. */
export interface MixReport {
  from: Date;
  to: Date;
  days: number;
  overall: Mix;
  teams: (Mix & { team: string })[];
}

/** Measures the mix of what comes out. */
@Injectable()
export class MixService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ContentProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** Of the last `days`, or of the programme's window. */
  async measure(days?: number): Promise<MixReport> {
    const { manager } = this.database;
    const { window, fallback, ...goals } = await this.programme.current();
    const length = days ?? window;
    const to = this.clock.now();
    const span = { from: new Date(to.getTime() - length * DAY_MS), to };
    const ofTeams = await teamCounts(manager, span, fallback);
    return {
      ...span,
      days: length,
      overall: mixOf(await publishedCounts(manager, span), goals),
      teams: [...new Set(ofTeams.map(({ team }) => team))].map((team) => ({
        team,
        ...mixOf(
          ofTeams.filter((count) => count.team === team),
          goals,
        ),
      })),
    };
  }
}
