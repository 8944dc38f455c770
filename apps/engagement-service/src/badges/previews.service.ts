import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';

import type { Badge } from '#libs/scoring';
import { claimFirsts } from './badges.query.js';
import { rowsOfGrants } from './grants.js';
import type { BadgeGrant } from './grants.js';
import { pageOfPeople } from './people.query.js';
import { ReckoningService } from './reckoning.service.js';
import { Tally } from './tally.js';
import type { BadgePreview } from './tally.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Shows what a badge would have brought before it is published; changes nothing. */
@Injectable()
export class PreviewsService {
  constructor(
    private readonly database: DataSource,
    private readonly reckoning: ReckoningService,
  ) {}

  /** How many people are looked at in one step. */
  pageSize(badge: Badge): number {
    return this.reckoning.needsActivities(badge) ? 50 : 500;
  }

  /** Throws `badge_unreckonable`. */
  async preview(badge: Badge): Promise<BadgePreview> {
    const begun = performance.now();
    const tally = new Tally();
    // One snapshot for all pages, so that the numbers belong together; nothing of it stays.
    const runner = this.database.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      if (badge.when?.first) await tally.add(runner.manager, await this.reckonAll(runner.manager, badge));
      else await this.eachPage(runner.manager, badge, (page) => tally.add(runner.manager, page));
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    return tally.told(badge, Math.round(performance.now() - begun));
  }

  /** For a badge only the first gets: what is left when the first of all were chosen. Notes who they are, in the caller's transaction. */
  async reckonAll(manager: EntityManager, badge: Badge): Promise<{ grants: BadgeGrant[]; rows: number }> {
    const earliest = new Map<string, BadgeGrant>();
    let rows = 0;
    await this.eachPage(manager, badge, async (page) => {
      rows += page.rows;
      const scopes = await this.scopesOf(manager, badge, page.grants);
      for (const grant of page.grants) keepEarliest(earliest, grant, scopes.get(grant.personId));
    });
    const within = badge.when!.first!;
    const asked = rowsOfGrants([...earliest.values()]).map((row) => ({ ...row, within }));
    const firsts = await claimFirsts(manager, asked);
    return { grants: asked.filter(({ id }) => firsts.has(id)), rows };
  }

  /** By person where they would be the first: the company, or their team; nobody without one. */
  private async scopesOf(
    manager: EntityManager,
    { when }: Badge,
    grants: readonly BadgeGrant[],
  ): Promise<Map<string, string>> {
    const rows: { id: string; team: string | null }[] = await manager.query(
      `SELECT id, team FROM people WHERE id = ANY($1::uuid[])`,
      [grants.map(({ personId }) => personId)],
    );
    const places = rows.map(({ id, team }) => [id, when!.first === 'company' ? 'company' : team] as const);
    return new Map(places.filter((place): place is [string, string] => place[1] !== null));
  }

  private async eachPage(
    manager: EntityManager,
    badge: Badge,
    work: (page: { grants: BadgeGrant[]; rows: number }) => Promise<void>,
  ): Promise<void> {
    const size = this.pageSize(badge);
    // Also a badge nobody could have earned is looked at, so that a mistake in it is told.
    for (let after = NOBODY; ;) {
      const people = await pageOfPeople(manager, after, size);
      await work(await this.reckoning.reckon(manager, badge, people));
      if (people.length < size) return;
      after = people.at(-1)!;
    }
  }
}

function keepEarliest(earliest: Map<string, BadgeGrant>, grant: BadgeGrant, scope: string | undefined): void {
  if (scope === undefined) return;
  const key = JSON.stringify([scope, grant.periodKey]);
  const known = earliest.get(key);
  if (!known || grant.earnedAt < known.earnedAt) earliest.set(key, grant);
}
