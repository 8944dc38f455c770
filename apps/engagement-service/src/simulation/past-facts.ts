import type { EntityManager } from 'typeorm';
import { localDate } from '#libs/calendar';
import { NO_FACTS } from '#libs/expression';
import type { Facts, Need } from '#libs/expression';
import type { FactsOf, FactsService } from '../insights/facts.service.js';

// Facts of a day of a person are asked for together; the oldest go when there are too many.
const MAX_KEPT = 100_000;

/** Facts as they were on a day of the past: windows count local dates, so they hold for that whole day. */
export class PastFacts {
  private readonly kept = new Map<string, Facts>();

  constructor(
    private readonly facts: FactsService,
    private readonly needs: readonly Need[],
  ) {}

  /** The facts of these people at an instant, in one question for all that are not known yet. */
  async at(manager: EntityManager, people: readonly FactsOf[], now: number): Promise<Facts> {
    if (this.needs.length === 0) return NO_FACTS;
    const day = (zone: string): string => localDate(now, zone);
    const unknown = people.filter(({ id, zone }) => !this.kept.has(`${id}|${day(zone)}`));
    if (unknown.length > 0) {
      if (this.kept.size > MAX_KEPT) this.kept.clear();
      const read = await this.facts.read(manager, this.needs, unknown, new Date(now));
      for (const { id, zone } of unknown) this.kept.set(`${id}|${day(zone)}`, read);
    }
    const of = new Map(people.map(({ id, zone }) => [id, this.kept.get(`${id}|${day(zone)}`)]));
    return {
      metric: (id, name, window) => (of.get(id) ?? NO_FACTS).metric(id, name, window),
      impact: (id, window) => (of.get(id) ?? NO_FACTS).impact(id, window),
    };
  }
}
