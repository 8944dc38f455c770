import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { decodePage, readPage } from '#libs/feeds';
import { Clock, ENV, LOGGER, Pollers, afterCommit, outbound } from '#libs/platform';
import type { Logger, Poller } from '#libs/platform';
import type { Env } from '../env.js';
import { charsetOf } from './answer-headers.js';
import { leadsOutside } from './hosts.js';
import { SourceHosts } from './source-hosts.js';
import { askUnfurls, claimUnfurls, fillPost, forgetUnfurl, nextUnfurl } from './unfurl.query.js';
import type { Unfurl } from './unfurl.query.js';

/** What a page says of itself stands at its beginning. */
const MAX_BYTES = 512 * 1024;
const TIMEOUT_MS = 10_000;
const AT_ONCE = 6;
const TRIES = 2;
const AGAIN_MS = 3_600_000;

/** Asks the pages of imported articles for the picture and the summary that their feed lacks; a page that does not answer changes nothing. */
@Injectable()
export class UnfurlService implements OnModuleInit {
  private poller: Poller | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly hosts: SourceHosts,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    if (!this.env.CONTENT_UNFURL) return;
    this.poller = this.pollers.add({
      name: 'unfurls',
      work: () => this.unfurlDue(),
      nextDue: () => nextUnfurl(this.database.manager),
      everyMs: 5_000,
    });
  }

  /** Puts those of these posts that lack something in the queue, in the caller's transaction. */
  async ask(manager: EntityManager, postIds: readonly string[], now: Date): Promise<void> {
    if (!this.env.CONTENT_UNFURL || postIds.length === 0) return;
    await askUnfurls(manager, postIds, now);
    afterCommit(manager, () => this.poller?.hint());
  }

  private async unfurlDue(): Promise<number> {
    const now = this.clock.now();
    const again = new Date(now.getTime() + AGAIN_MS);
    const due = await claimUnfurls(this.database.manager, { now, again, limit: AT_ONCE });
    await Promise.all(
      due.map((unfurl) => this.hosts.run(new URL(unfurl.url).host, () => this.unfurl(unfurl))),
    );
    return due.length;
  }

  private async unfurl({ postId, url, tries }: Unfurl): Promise<void> {
    const card = await this.cardOf(url);
    if (card) await fillPost(this.database.manager, postId, card);
    if (card || tries >= TRIES) await forgetUnfurl(this.database.manager, postId);
  }

  private async cardOf(url: string): Promise<{ summary: string; image: string | null } | null> {
    try {
      const answer = await outbound(url, {
        headers: { 'user-agent': 'Laurel/0.1 (link preview)', accept: 'text/html' },
        maxBytes: MAX_BYTES,
        cut: true,
        timeoutMs: TIMEOUT_MS,
        allowHosts: this.env.CONTENT_ALLOW_HOSTS,
      });
      if (answer.status !== 200) return null;
      const { summary, image } = readPage(decodePage(answer.body, charsetOf(answer.headers)), answer.url);
      return { summary, image: image && leadsOutside(image) ? image : null };
    } catch (error) {
      this.logger.info({ err: error, url }, 'a page could not be asked for its picture');
      return null;
    }
  }
}
