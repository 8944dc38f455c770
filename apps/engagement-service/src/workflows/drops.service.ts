import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { periodOf, previousPeriod } from '#libs/calendar';
import type { Period } from '#libs/calendar';
import { Clock, Pollers, stableId } from '#libs/platform';
import { dropTriggers } from '#libs/workflow';
import { ProgrammeService } from '../programme/programme.service.js';
import { DefinitionsService } from './definitions.service.js';
import { expectedOf, spansAround } from './drops.js';
import type { Span } from './drops.js';
import { StartsService } from './starts.service.js';

/** Activities of an evening may be told in the morning. */
const GRACE_MS = 6 * 3_600_000;

interface Watched {
  metric: string;
  per: 'week' | 'month';
  against: 'season' | 'usual';
}

/** Compares each period of a watched metric of the whole programme, when it has ended, with what was to be expected. */
@Injectable()
export class DropsService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly starts: StartsService,
    private readonly programme: ProgrammeService,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pollers.add({
      name: 'metric drops',
      work: () => this.check(),
      nextDue: () => Promise.resolve(this.nextDue()),
      everyMs: 60_000,
    });
  }

  private async check(): Promise<number> {
    let checked = 0;
    for (const watched of this.watched())
      checked += await this.database.transaction((manager) => this.checkOne(manager, watched));
    return checked;
  }

  private nextDue(): Date | null {
    const ends = this.watched().map(({ per }) => this.running(per).end + GRACE_MS);
    return ends.length > 0 ? new Date(Math.min(...ends)) : null;
  }

  /** The period that has not ended yet, or not long enough ago. */
  private running(per: 'week' | 'month'): Period {
    return periodOf(per, this.clock.now().getTime() - GRACE_MS, this.programme.settings.zone);
  }

  private watched(): Watched[] {
    const all = this.definitions.list().flatMap(({ definition }) => dropTriggers(definition));
    const single = new Map(
      all.map(({ metric, per, against }) => [`${metric} ${per} ${against}`, { metric, per, against }]),
    );
    return [...single.values()];
  }

  private async checkOne(manager: EntityManager, watched: Watched): Promise<number> {
    const { metric, per, against } = watched;
    const { zone } = this.programme.settings;
    const last = previousPeriod(this.running(per), zone);
    const isFirst = await claim(manager, watched, last.key, this.clock.now());
    if (isFirst === null) return 0;
    const spans = spansAround(last, zone);
    const totals = {
      now: await totalsOf(manager, metric, spans.now),
      lastYear: await totalsOf(manager, metric, spans.lastYear),
    };
    const value = totals.now[0]!;
    const expected = expectedOf(against, totals);
    await manager.query(
      `UPDATE metric_periods SET value = $5, expected = $6 WHERE metric = $1 AND per = $2 AND against = $3 AND period_key = $4`,
      [metric, per, against, last.key, value, expected],
    );
    // What had ended before anybody watched is no news.
    if (isFirst || expected <= value) return 1;
    // Downwards, so that no threshold is reached by rounding.
    const drop = Math.floor(((expected - value) / expected) * 10_000) / 10_000;
    const data = {
      ...watched,
      periodKey: last.key,
      value,
      expected: Math.round(expected * 100) / 100,
      drop,
    };
    const id = stableId('metric.dropped', metric, per, against, last.key);
    await this.starts.take(manager, [{ id, type: 'metric.dropped', data, occurredAt: last.end + GRACE_MS }]);
    return 1;
  }
}

/** Takes a period for checking: null when somebody has, otherwise whether it is the first of this metric that is looked at. */
async function claim(
  manager: EntityManager,
  { metric, per, against }: Watched,
  periodKey: string,
  now: Date,
): Promise<boolean | null> {
  const rows: { first: boolean }[] = await manager.query(
    `INSERT INTO metric_periods (metric, per, against, period_key, checked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
     RETURNING NOT EXISTS (SELECT FROM metric_periods WHERE metric = $1 AND per = $2 AND against = $3) AS first`,
    [metric, per, against, periodKey, now],
  );
  return rows[0]?.first ?? null;
}

/** The programme's totals of spans, in their order. */
async function totalsOf(manager: EntityManager, metric: string, spans: readonly Span[]): Promise<number[]> {
  const rows: { day: string; value: number }[] = await manager.query(
    `SELECT day, sum(value) AS value FROM metric_days WHERE metric = $1 AND day >= $2 AND day < $3 GROUP BY day`,
    [metric, spans.at(-1)!.from, spans[0]!.to],
  );
  return spans.map(({ from, to }) =>
    rows.filter(({ day }) => day >= from && day < to).reduce((total, { value }) => total + value, 0),
  );
}
