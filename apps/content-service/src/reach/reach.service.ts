import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, notFound } from '#libs/platform';
import { correct, differs } from './corrections.js';
import type { Correction, Measured } from './corrections.js';
import { findShares, historyOf, keepReports, lockMeasured, storeTotals } from './reach.query.js';
import type { MeasuredShare } from './reach.query.js';
import { figures } from './totals.schema.js';
import type { Figures, Report, Totals } from './totals.schema.js';

/** What a report came to: the totals that hold now and by how much it changed them; or why it was refused. */
export type Outcome = ({ shareId: string; difference: Figures } & Figures) | { refused: string };

interface Placed extends Measured {
  shareId: string;
}

/** Measured figures of shares; only differences travel, so sums stay right through corrections. */
@Injectable()
export class ReachService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Throws `share_unknown` or `measured_in_future`. */
  async measure(shareId: string, totals: Totals): Promise<Outcome> {
    const [outcome] = await this.measureAll(null, [{ shareId, ...totals }]);
    if (!('refused' in outcome!)) return outcome!;
    const early = this.isEarly(totals.measuredAt);
    throw early ? new DomainError('measured_in_future', 422, outcome.refused) : notFound('share', shareId);
  }

  /** Takes what can be taken, in the order given, and says of the rest why not. `partnerId` is whose external ids are meant. */
  async measureAll(partnerId: string | null, reports: readonly Report[]): Promise<Outcome[]> {
    return this.database.transaction(async (manager) => {
      const ids = await findShares(manager, reports, partnerId);
      const refusals = reports.map((report, index) => this.refusal(report, ids[index]!));
      const good = reports.flatMap((report, index) =>
        refusals[index] === null ? [this.placed(report, ids[index]!)] : [],
      );
      const outcomes = await this.apply(manager, good);
      let next = 0;
      return refusals.map((refused) => (refused === null ? outcomes[next++]! : { refused }));
    });
  }

  /** Throws `share_unknown`. */
  async history(shareId: string): Promise<object> {
    const { manager } = this.database;
    const [share] = await lockless(manager, shareId);
    if (!share) throw notFound('share', shareId);
    return historyOf(manager, shareId);
  }

  private async apply(manager: EntityManager, reports: readonly Placed[]): Promise<Outcome[]> {
    const shares = await lockMeasured(manager, [...new Set(reports.map(({ shareId }) => shareId))]);
    const byId = new Map(shares.map((share) => [share.shareId, share]));
    const before = new Map(shares.map((share) => [share.shareId, share.totals]));
    const outcomes = reports.map((report) => outcomeOf(byId.get(report.shareId)!, report));
    await keepReports(manager, lastOfEachInstant(reports), this.clock.now());
    const changed = shares.filter((share) => share.totals !== before.get(share.shareId));
    await storeTotals(
      manager,
      changed.map(({ shareId, totals }) => ({ shareId, ...totals! })),
    );
    await this.tell(manager, changed, before);
    return outcomes;
  }

  private async tell(
    manager: EntityManager,
    changed: readonly MeasuredShare[],
    before: ReadonlyMap<string, Measured | null>,
  ): Promise<void> {
    const events = changed.flatMap(({ totals, ...share }) => {
      const { difference } = correct(before.get(share.shareId)!, totals!)!;
      return differs(difference) ? [event('share.measured', { ...share, ...difference })] : [];
    });
    await this.outbox.add(manager, events);
  }

  private placed({ measuredAt, ...report }: Report, shareId: string): Placed {
    const at = (measuredAt === undefined ? this.clock.now() : new Date(measuredAt)).getTime();
    return { shareId, at, ...figuresOf(report) };
  }

  private refusal({ shareId, link, externalId, measuredAt }: Report, id: string | null): string | null {
    if (id === null) return `there is no share "${shareId ?? link ?? externalId}"`;
    return this.isEarly(measuredAt) ? `measuredAt: ${measuredAt} has not come yet` : null;
  }

  private isEarly(measuredAt: string | undefined): boolean {
    return measuredAt !== undefined && new Date(measuredAt) > this.clock.now();
  }
}

const lockless = (manager: EntityManager, id: string): Promise<object[]> =>
  manager.query(`SELECT FROM shares WHERE id = $1`, [id]);

const figuresOf = (given: Figures): Figures =>
  Object.fromEntries(figures.map((name) => [name, given[name]])) as Figures;

/** Brings the share to what holds after the report. */
function outcomeOf(share: MeasuredShare, { shareId, ...report }: Placed): Outcome {
  const correction: Correction | null = correct(share.totals, report);
  if (correction) share.totals = correction.totals;
  const difference = correction?.difference ?? nothing;
  return { shareId, ...figuresOf(share.totals!), difference };
}

const nothing = Object.fromEntries(figures.map((name) => [name, 0])) as Figures;

const lastOfEachInstant = (reports: readonly Placed[]): Placed[] => [
  ...new Map(reports.map((report) => [`${report.shareId} ${report.at}`, report])).values(),
];
