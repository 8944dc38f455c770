import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { addDuration, localDate } from '#libs/calendar';
import type { DataOf } from '#libs/contracts';
import { Outbox, event } from '#libs/messaging';
import { Clock, Pollers, newId, stableId } from '#libs/platform';
import type { Caller, Poller } from '#libs/platform';
import { Audit } from '../audit/audit.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import type { Goal } from '#libs/programme';

type Progress = DataOf<'goals.due'>['goals'][number];

/** The launch of the programme, and its goals, told of on the days they fall due. */
@Injectable()
export class GoalsService implements OnModuleInit {
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly outbox: Outbox,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.poller = this.pollers.add({
      name: 'goals',
      work: () => this.tellDue(),
      nextDue: () => this.nextDue(),
    });
  }

  /** Notes the launch; the first counts, and telling it again changes nothing. */
  async launch(who: Caller): Promise<{ at: Date }> {
    await this.database.transaction(async (manager) => {
      const id = newId();
      const rows: object[] = await manager.query(
        `INSERT INTO launches (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`,
        [id, this.clock.now()],
      );
      if (rows.length === 0) return;
      await this.outbox.add(manager, [event('programme.launched', { launchId: id })]);
      const after = { at: this.clock.now() };
      await this.audit.note(manager, { who, action: 'launch', what: 'programme', before: null, after });
    });
    this.poller.hint();
    return { at: (await this.launchedAt(this.database.manager))! };
  }

  /** Each goal with how far it has come; the value is null before the launch. */
  async list(): Promise<object[]> {
    const launched = await this.launchedAt(this.database.manager);
    if (!launched) return this.programme.goals.map((goal) => ({ ...goal, value: null, dueAt: null }));
    const progress = await this.progress(this.database.manager, this.programme.goals, launched);
    return this.programme.goals.map((goal, index) => ({
      ...goal,
      value: progress[index]!.value,
      reached: progress[index]!.reached,
      dueAt: this.dueAt(launched, goal.after_months),
    }));
  }

  /** Tells the goals of the earliest month that is due and has not been told. */
  private async tellDue(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const launched = await this.launchedAt(manager);
      const months =
        launched && (await this.untold(manager)).find((m) => this.dueAt(launched, m) <= this.clock.now());
      if (!launched || !months) return 0;
      const claimed: object[] = await manager.query(
        `INSERT INTO goals_told (months, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING months`,
        [months, this.clock.now()],
      );
      if (claimed.length === 0) return 0;
      const due = this.programme.goals.filter((goal) => goal.after_months === months);
      const goals = await this.progress(manager, due, launched);
      const id = stableId('goals.due', String(months));
      await this.outbox.add(manager, [event('goals.due', { months, goals }, { id })]);
      return 1;
    });
  }

  private async nextDue(): Promise<Date | null> {
    const launched = await this.launchedAt(this.database.manager);
    const [months] = launched ? await this.untold(this.database.manager) : [];
    return launched && months !== undefined ? this.dueAt(launched, months) : null;
  }

  private async untold(manager: EntityManager): Promise<number[]> {
    const told: { months: number }[] = await manager.query(`SELECT months FROM goals_told`);
    const known = new Set(told.map(({ months }) => months));
    const all = new Set(this.programme.goals.map((goal) => goal.after_months));
    return [...all].filter((months) => !known.has(months)).sort((a, b) => a - b);
  }

  private async progress(
    manager: EntityManager,
    goals: readonly Goal[],
    launched: Date,
  ): Promise<Progress[]> {
    const from = localDate(launched.getTime(), this.programme.settings.zone);
    const rows: { metric: string; value: number }[] = await manager.query(
      `SELECT metric, sum(value) AS value FROM metric_days WHERE metric = ANY($1) AND day >= $2::date GROUP BY metric
       UNION ALL
       SELECT metric, count(DISTINCT element) FROM metric_elements WHERE metric = ANY($1) AND day >= $2::date GROUP BY metric`,
      [goals.map(({ metric }) => metric), from],
    );
    const values = new Map(rows.map(({ metric, value }) => [metric, value]));
    return goals.map(({ id, name, metric, target }) => {
      const value = Math.round((values.get(metric) ?? 0) * 100) / 100;
      return { id, name, target, value, reached: value >= target };
    });
  }

  private dueAt(launched: Date, months: number): Date {
    return new Date(
      addDuration(launched.getTime(), { months, days: 0, ms: 0 }, this.programme.settings.zone),
    );
  }

  private async launchedAt(manager: EntityManager): Promise<Date | null> {
    const [row]: { at: Date }[] = await manager.query(`SELECT at FROM launches`);
    return row?.at ?? null;
  }
}
