import type { EntityManager } from 'typeorm';
import type { Badge } from '#libs/scoring';
import { rowsOfGrants } from './grants.js';
import type { AwardRow, BadgeGrant } from './grants.js';
import { knownAwards } from './reckoning.query.js';

const SHOWN = 50;

/** What a badge would have brought in the past, and what it costs to know. */
export interface BadgePreview {
  badge: string;
  /** How many awards of how many people the past comes to. */
  awards: number;
  people: number;
  /** How many of them are not there yet: a backfill gives these. */
  fresh: number;
  byTier: Record<string, number>;
  /** Those that came first. */
  sample: (Pick<BadgeGrant, 'personId' | 'periodKey' | 'cause' | 'earnedAt'> & { tier: string | null })[];
  /** How many rows were read, and milliseconds. */
  cost: { rows: number; ms: number };
}

/** Adds pages up without keeping them. */
export class Tally {
  private awards = 0;
  private fresh = 0;
  private rows = 0;
  private readonly people = new Set<string>();
  private readonly byTier: Record<string, number> = {};
  private sample: AwardRow[] = [];

  async add(manager: EntityManager, page: { grants: BadgeGrant[]; rows: number }): Promise<void> {
    const rows = rowsOfGrants(page.grants);
    const known = await knownAwards(
      manager,
      rows.map(({ id }) => id),
    );
    this.rows += page.rows;
    this.awards += rows.length;
    this.fresh += rows.filter(({ id }) => !known.has(id)).length;
    for (const { personId, tier } of rows) {
      this.people.add(personId);
      if (tier) this.byTier[tier] = (this.byTier[tier] ?? 0) + 1;
    }
    this.sample = [...this.sample, ...rows]
      .sort((a, b) => a.earnedAt.getTime() - b.earnedAt.getTime())
      .slice(0, SHOWN);
  }

  told({ id }: Badge, ms: number): BadgePreview {
    const { awards, fresh, byTier, rows, people } = this;
    const sample = this.sample.map(({ personId, periodKey, tier, cause, earnedAt }) => ({
      personId,
      periodKey,
      tier: tier ?? null,
      cause,
      earnedAt,
    }));
    return { badge: id, awards, people: people.size, fresh, byTier, sample, cost: { rows, ms } };
  }
}
