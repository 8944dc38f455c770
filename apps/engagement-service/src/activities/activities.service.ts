import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { localDate } from '#libs/calendar';
import { Outbox, event, isInfrastructure } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, DomainError, Terminal, newId, traceparent, withTrace } from '#libs/platform';
import type { Activity } from '#libs/scoring';
import { ScoringService } from '../scoring/scoring.service.js';
import { insertActivities, readZones } from './activities.query.js';
import { Gathering } from './gathering.js';
import { recordedOf, refusalOf, traceOf } from './reports.js';
import type { NewActivity, Recorded, Report } from './reports.js';

export type { NewActivity } from './reports.js';

/** An activity told by a partner or by hand; `id` makes telling it again harmless. */
export interface ReportedActivity {
  id?: string | undefined;
  type: string;
  personId: string;
  objectId?: string | null | undefined;
  occurredAt?: string | undefined;
  data: Record<string, unknown>;
}

const REPORTED_AT_ONCE = 3_000;
/** While one transaction holds people and waits for the database, the next places and writes its activities. */
const LANES = 2;

/** The log of everything people did: each activity counts once, whoever tells it how often. */
@Injectable()
export class ActivitiesService {
  private readonly reports = new Gathering<Report, Recorded>(
    (reports: readonly Report[]) => this.recordReports(reports),
    ({ activities }) => activities.length,
    REPORTED_AT_ONCE,
    isInfrastructure,
    LANES,
  );

  constructor(
    private readonly database: DataSource,
    private readonly scoring: ScoringService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Records a reported batch, all or nothing. Throws `person_unknown` with the position of every unknown person. */
  async report(reported: readonly ReportedActivity[]): Promise<Recorded> {
    return this.reports.do({
      activities: reported.map((item) => this.activityOf(item)),
      parent: traceparent(),
    });
  }

  /** Records reports in one transaction, each on its own trace; those that name strangers are answered with an error. */
  private recordReports(reports: readonly Report[]): Promise<(Recorded | DomainError)[]> {
    return withTrace(traceOf(reports), () =>
      this.database.transaction(async (manager) => {
        const zones = await readZones(
          manager,
          reports.flatMap(({ activities }) => activities),
        );
        const refusals = reports.map((report) => refusalOf(report, zones));
        const taken = reports.filter((_report, index) => !refusals[index]);
        const fresh = await this.record(
          manager,
          taken.flatMap(({ activities }) => activities),
          zones,
        );
        await this.outbox.add(
          manager,
          fresh.map((activity) => activityRecorded(activity)),
        );
        const ids = new Set(fresh.map(({ id }) => id));
        return reports.map((report, index) => refusals[index] ?? recordedOf(report, ids));
      }),
    );
  }

  /** Records what other services told, inside their inbox transaction. */
  async recordTold(manager: EntityManager, activities: readonly NewActivity[]): Promise<void> {
    const zones = await readZones(manager, activities);
    const stranger = activities.find(({ personId }) => !zones.has(personId));
    if (stranger) throw new Terminal(`there is no person "${stranger.personId}"`);
    await this.record(manager, activities, zones);
  }

  /** Records what workflows (to a depth), or services, say of people as if it were reported, each once; returns the ids of those whom nobody knows. */
  async recordOwn(
    manager: EntityManager,
    said: readonly { activity: NewActivity; depth?: number }[],
  ): Promise<Set<string>> {
    if (said.length === 0) return new Set();
    const zones = await readZones(
      manager,
      said.map(({ activity }) => activity),
    );
    const known = said.filter(({ activity }) => zones.has(activity.personId));
    const fresh = await this.record(
      manager,
      known.map(({ activity }) => activity),
      zones,
    );
    const depths = new Map(known.map(({ activity, depth }) => [activity.id, depth]));
    await this.outbox.add(
      manager,
      fresh.map((activity) => activityRecorded(activity, depths.get(activity.id))),
    );
    return new Set(said.flatMap(({ activity: { personId } }) => (zones.has(personId) ? [] : [personId])));
  }

  ofPerson(personId: string, limit: number): Promise<object[]> {
    return this.database.query(
      `SELECT id, type, object_id AS "objectId", occurred_at AS "occurredAt", day, data FROM activities
       WHERE person_id = $1 ORDER BY occurred_at DESC, id LIMIT $2`,
      [personId, limit],
    );
  }

  private async record(
    manager: EntityManager,
    activities: readonly NewActivity[],
    zones: ReadonlyMap<string, string>,
  ): Promise<Activity[]> {
    const placed = activities.map((item) => ({
      ...item,
      day: localDate(item.occurredAt, zones.get(item.personId)!),
    }));
    const fresh = await insertActivities(manager, placed);
    if (fresh.length > 0) await this.scoring.score(manager, fresh);
    return fresh;
  }

  private activityOf(item: ReportedActivity): NewActivity {
    const occurredAt = item.occurredAt === undefined ? this.clock.now() : new Date(item.occurredAt);
    if (occurredAt > this.clock.now()) {
      throw new DomainError('activity_in_future', 422, `${item.occurredAt} has not happened yet.`);
    }
    const { type, personId, data } = item;
    return {
      id: item.id ?? newId(),
      type,
      personId,
      objectId: item.objectId ?? null,
      occurredAt: occurredAt.getTime(),
      data,
    };
  }
}

const activityRecorded = (activity: Activity, depth?: number): NewEvent =>
  event(
    'activity.recorded',
    {
      activityId: activity.id,
      activityType: activity.type,
      personId: activity.personId,
      objectId: activity.objectId,
      value: 1,
      data: activity.data,
      ...(depth === undefined ? {} : { depth }),
    },
    { id: activity.id, time: new Date(activity.occurredAt) },
  );
