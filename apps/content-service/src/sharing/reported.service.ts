import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';
import { PeopleService } from '../people/people.service.js';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { targetOf } from './networks.js';
import type { Reported } from './share.schema.js';
import type { Wanted } from './shares.query.js';
import { SharingService } from './sharing.service.js';
import type { Share } from './sharing.service.js';

/** What became of one report: the share, and whether it is new; or why it was refused. */
export type Outcome = { share: Share; recorded: boolean } | { refused: string };

/** So many are taken in one transaction: each holds a lock, and each unknown person is asked for, until its end. */
const PIECE = 500;

/** Shares that partners saw made elsewhere. */
@Injectable()
export class ReportedService {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly people: PeopleService,
    private readonly programme: ContentProgrammeService,
    private readonly sharing: SharingService,
  ) {}

  /** Takes what can be taken and says of the rest why not, in the order given. What was reported before is not recorded again. */
  async report(partnerId: string, reports: readonly Reported[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const seen = new Set<string>();
    for (let from = 0; from < reports.length; from += PIECE)
      outcomes.push(...(await this.reportPiece(partnerId, reports.slice(from, from + PIECE), seen)));
    return outcomes;
  }

  /** `seen` holds the external ids of the pieces before, and then also of this one. */
  private async reportPiece(
    partnerId: string,
    reports: readonly Reported[],
    seen: Set<string>,
  ): Promise<Outcome[]> {
    const refusals = await this.refusals(reports, seen);
    const good = reports.filter((_, index) => refusals[index] === null);
    const wanted = await this.wanted(partnerId, good);
    const stored = await this.database.transaction((manager) => this.sharing.store(manager, wanted));
    const outcomes = stored.map(({ share, fresh, reused }) =>
      reused === null
        ? { share: this.sharing.present(share), recorded: fresh }
        : { refused: `externalId: ${reused}` },
    );
    let next = 0;
    return refusals.map((refused) => (refused === null ? outcomes[next++]! : { refused }));
  }

  private async wanted(partnerId: string, reports: readonly Reported[]): Promise<Wanted[]> {
    const { campaign } = await this.programme.current();
    const urls = await this.urlsOf(reports);
    return reports.map(({ postUrl = null, sharedAt, ...report }) => ({
      ...report,
      postUrl,
      targetUrl: targetOf(urls.get(report.postId)!, report.network, campaign),
      sharedAt: sharedAt === undefined ? this.clock.now() : new Date(sharedAt),
      key: null,
      partnerId,
      confirmedBy: 'partner',
    }));
  }

  /** For each report why it cannot be taken, or null. */
  private async refusals(reports: readonly Reported[], seen: Set<string>): Promise<(string | null)[]> {
    const [urls, active] = [await this.urlsOf(reports), await this.activeOf(reports)];
    return reports.map(({ externalId, postId, personId, sharedAt }) => {
      if (seen.has(externalId)) return `externalId: "${externalId}" is there twice`;
      seen.add(externalId);
      if (!urls.has(postId)) return `postId: there is no published post "${postId}"`;
      if (!active.has(personId)) return `personId: there is no person "${personId}"`;
      if (!active.get(personId)) return `personId: "${personId}" does not take part any more`;
      const early = sharedAt !== undefined && new Date(sharedAt) > this.clock.now();
      return early ? `sharedAt: ${sharedAt} has not come yet` : null;
    });
  }

  /** Also of posts that have expired: the share was made before. */
  private async urlsOf(reports: readonly Reported[]): Promise<Map<string, string>> {
    const rows: { id: string; url: string }[] = await this.database.query(
      `SELECT id, url FROM posts WHERE id = ANY($1::uuid[]) AND published_at IS NOT NULL`,
      [[...new Set(reports.map(({ postId }) => postId))]],
    );
    return new Map(rows.map(({ id, url }) => [id, url]));
  }

  private async activeOf(reports: readonly Reported[]): Promise<Map<string, boolean>> {
    const ids = [...new Set(reports.map(({ personId }) => personId))];
    const rows: { id: string; active: boolean }[] = await this.database.query(
      `SELECT person_id AS id, active FROM people WHERE person_id = ANY($1::uuid[])`,
      [ids],
    );
    const known = new Map(rows.map(({ id, active }) => [id, active]));
    const unknown = ids.filter((id) => !known.has(id));
    const contacts = unknown.length === 0 ? [] : await this.people.refresh(this.database.manager, unknown);
    for (const { personId, active } of contacts) known.set(personId, active);
    return known;
  }
}
