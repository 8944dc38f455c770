import type { EntityManager } from 'typeorm';
import { localDate } from '#libs/calendar';
import { contributionsOf, periodOfDay } from '#libs/scoring';
import type { Activity, Contribution, Metrics } from '#libs/scoring';
import type { MetricTrigger } from '#libs/workflow';
import { elementsMet, sumMetrics } from '../insights/facts.query.js';
import type { Happened } from './history.query.js';

interface Sum {
  periodKey: string;
  value: number;
  /** Of a distinct metric: what the period has met. */
  met: Set<string>;
}

/** What reckoning thresholds needs to know of the programme. */
interface Programme {
  metrics: Metrics;
  settings: { earned_media_value: { rates: Parameters<typeof contributionsOf>[2] } };
}

/**
 * Tells when a metric of somebody reaches a threshold while history plays, as metric.reached would have told it. Of each person only the
 * running period is kept, and what it held before the beginning is asked for once.
 */
export class Thresholds {
  private readonly sums = new Map<string, Sum>();
  /** Only those that are watched: the others need not be counted. */
  private readonly metrics: Metrics;

  constructor(
    private readonly triggers: readonly MetricTrigger[],
    private readonly programme: Programme,
    private readonly firstDay: (personId: string) => string,
  ) {
    const watched = new Set(triggers.map(({ metric }) => metric));
    const all = Object.entries(programme.metrics);
    this.metrics = Object.fromEntries(all.filter(([metric]) => watched.has(metric)));
  }

  /** What a page of activities reaches, each right after the activity that did it. */
  async reachedBy(
    manager: EntityManager,
    page: readonly Happened[],
    zoneOf: (personId: string) => string | null,
  ): Promise<Map<Happened, Happened[]>> {
    const found = new Map<Happened, Happened[]>();
    if (this.triggers.length === 0) return found;
    const activities = page.flatMap((happened) => {
      const activity = activityOf(happened, zoneOf);
      return activity ? [{ happened, activity }] : [];
    });
    await this.prepare(
      manager,
      activities.map(({ activity }) => activity),
    );
    for (const { happened, activity } of activities) found.set(happened, this.count(activity));
    return found;
  }

  private count(activity: Activity): Happened[] {
    const added = contributionsOf([activity], this.metrics, this.programme.settings.earned_media_value.rates);
    return added.flatMap((contribution) =>
      this.triggers
        .filter((trigger) => trigger.metric === contribution.metric)
        .flatMap((trigger) => this.add(trigger, contribution)),
    );
  }

  private add(
    { metric, per, reaches }: MetricTrigger,
    { activity, value, element }: Contribution,
  ): Happened[] {
    const { personId, day, occurredAt, id } = activity;
    const sum = this.sumOf(metric, per, activity);
    if (element !== undefined && sum.met.has(element)) return [];
    if (element !== undefined) sum.met.add(element);
    const before = sum.value;
    sum.value += value;
    if (before >= reaches || sum.value < reaches) return [];
    const { periodKey } = sum;
    const data = { personId, metric, per, periodKey, threshold: reaches, value: sum.value };
    return [{ id: `${id}:${metric}:${per}:${day}`, type: 'metric.reached', data, occurredAt }];
  }

  private sumOf(metric: string, per: MetricTrigger['per'], { personId, day }: Activity): Sum {
    const key = `${metric}|${per}|${personId}`;
    const { key: periodKey } = periodOfDay(per, day);
    const known = this.sums.get(key);
    if (known?.periodKey === periodKey) return known;
    const fresh = { periodKey, value: 0, met: new Set<string>() };
    this.sums.set(key, fresh);
    return fresh;
  }

  /** Fetches what the period somebody's first activity falls in held before the beginning. */
  private async prepare(manager: EntityManager, activities: readonly Activity[]): Promise<void> {
    const missing = new Map<string, { trigger: MetricTrigger; activity: Activity }>();
    for (const activity of activities)
      for (const trigger of this.triggers) {
        const key = `${trigger.metric}|${trigger.per}|${activity.personId}`;
        if (!this.sums.has(key)) missing.set(key, { trigger, activity });
      }
    const asked = [...missing.values()].map(({ trigger, activity: { personId, day } }) => {
      const { from } = periodOfDay(trigger.per, day);
      return { personId, metric: trigger.metric, from, to: this.firstDay(personId) };
    });
    const values = await sumMetrics(manager, asked);
    const met = await elementsMet(manager, asked);
    [...missing].forEach(([key, { trigger, activity }], index) => {
      const { key: periodKey } = periodOfDay(trigger.per, activity.day);
      this.sums.set(key, { periodKey, value: values[index]!, met: new Set(met.get(index)) });
    });
  }
}

function activityOf(
  { id, type, data, occurredAt }: Happened,
  zoneOf: (personId: string) => string | null,
): Activity | null {
  const { personId, objectId, activityId: _id, ...rest } = data;
  const zone = typeof personId === 'string' ? zoneOf(personId) : null;
  if (zone === null || typeof personId !== 'string') return null;
  const object = typeof objectId === 'string' ? objectId : null;
  return { id, type, personId, objectId: object, occurredAt, day: localDate(occurredAt, zone), data: rest };
}
