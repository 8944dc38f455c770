/** Test only: the engagement service on small workflows of a test's own, perhaps with a replica, and what came of them. */
import { rmSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { programmeWith, startEngagement } from '../../../../test/support/engagement.js';
import { startTestNats } from '../../../../test/support/nats.js';
import { startNeighbour } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';
import { StartsService } from './starts.service.js';
import type { Incoming } from './turns.js';

/** A run as tests look at it. */
export interface SeenRun {
  id: string;
  status: string;
  key: string | null;
  step: string | null;
  personId: string | null;
  reason: string | null;
  vars: Record<string, unknown>;
  event: Record<string, unknown> | null;
}

/** An event a service has told. */
export interface Told {
  id: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests state what they expect of an event; a wrong guess fails
  data: any;
}

/** Two replicas of a service on one database, on a programme with these workflows beside its own. */
export class Engine {
  service!: TestService;
  replica!: TestService;
  neighbour!: Neighbour;
  private nats!: Awaited<ReturnType<typeof startTestNats>>;
  private readonly programme: string;

  constructor(
    workflows: readonly string[],
    private readonly env: Record<string, string> = {},
  ) {
    this.programme = programmeWith(Object.fromEntries(workflows.map((text) => [idOf(text), text])));
  }

  async start(): Promise<void> {
    this.nats = await startTestNats();
    const env = { PROGRAMME_DIR: this.programme, ...this.env };
    this.service = await startEngagement(this.nats.url, { env });
    this.replica = await startEngagement(this.nats.url, { env, database: this.service.database });
    this.neighbour = await startNeighbour(this.nats.url);
  }

  async stop(): Promise<void> {
    await this.neighbour.stop();
    await this.replica.stop();
    await this.service.stop();
    await this.nats.stop();
    rmSync(this.programme, { recursive: true });
  }

  async quiet(): Promise<void> {
    await this.service.quiet();
    await this.replica.quiet();
    await this.service.quiet();
  }

  /** Moves the clocks of both. */
  async moveTo(instant: string): Promise<void> {
    await this.service.moveTo(instant);
    await this.replica.moveTo(instant);
    await this.quiet();
  }

  /** Reports activities and waits until nothing is left to do. */
  async report(...activities: Report[]): Promise<void> {
    const { status, text } = await this.service.call('POST', '/engagement/activities', activities);
    if (status !== 200) throw new Error(text);
    await this.quiet();
  }

  runs(workflow: string): Promise<SeenRun[]> {
    return this.service.query(
      `SELECT id, status, key, step, person_id AS "personId", reason, vars, event FROM runs
       WHERE workflow_id = $1 AND parent_id IS NULL ORDER BY triggered_at, id`,
      [workflow],
    );
  }

  /** Every line of the timelines of a workflow's runs. */
  lines(workflow: string): Promise<{ outcome: string; kind: string; reason: string }[]> {
    return this.service.query(
      `SELECT kind, outcome, run_log.reason FROM run_log JOIN runs ON runs.id = run_id WHERE workflow_id = $1 ORDER BY seq, line`,
      [workflow],
    );
  }

  async told(type: string): Promise<Told[]> {
    const rows = await this.service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`,
      [`laurel.evt.${type}`],
    );
    return rows.map(({ envelope }) => JSON.parse(envelope));
  }

  /** What a workflow wants mailed. */
  async mails(workflow: string): Promise<Told['data'][]> {
    return (await this.told('notification.requested'))
      .map(({ data }) => data)
      .filter((data) => data.workflow.id === workflow);
  }

  /** Hands events to one replica in a transaction of its own, as its consumer would. */
  take(on: TestService, events: readonly Incoming[]): Promise<void> {
    return on.app
      .get(DataSource)
      .transaction((manager) => on.app.get(StartsService, { strict: false }).take(manager, events));
  }
}

const idOf = (text: string): string => /^id: (\S+)$/m.exec(text)![1]!;

/** An activity as it is reported. */
export interface Report {
  type: string;
  personId: string;
  objectId?: string;
  id?: string;
  occurredAt?: string;
  data?: Record<string, unknown>;
}

/** An event as the driver takes it, so many minutes after seven. */
export const incoming = (type: string, minute: number, data: Record<string, unknown>): Incoming => ({
  id: newId(),
  type,
  data,
  occurredAt: Date.parse('2026-03-02T07:00:00Z') + minute * 60_000,
});
