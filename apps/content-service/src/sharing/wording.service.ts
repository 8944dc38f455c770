import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, ENV, invalid } from '#libs/platform';
import type { Env } from '../env.js';
import { tooLong } from '../library/network-limits.js';
import type { Post } from '../library/post.entity.js';
import { composed, disclosureIn } from '../library/texts.js';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { targetOf } from './networks.js';
import type { NewShare } from './share.schema.js';

/** As long as every tracked link's id. */
const SAMPLE_ID = 'x'.repeat(22);

/** What goes out with a share: the person's own words with the disclosure that post or programme demand, and the campaign of its link. */
@Injectable()
export class WordingService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ContentProgrammeService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  link(linkId: string): string {
    return `${this.env.PUBLIC_CONTENT_URL}/l/${linkId}`;
  }

  /** Where the share's link leads, and its text. Throws `invalid_input` when the network does not take so long a text. */
  async word(post: Post, share: NewShare): Promise<{ caption: string; targetUrl: string }> {
    const programme = await this.programme.current();
    const languages = [await this.languageOf(share.personId), programme.fallback, post.language];
    const disclosure =
      languages.map((language) => disclosureIn(post, language, programme.disclosure)).find(Boolean) ?? '';
    const caption = share.caption.includes(disclosure)
      ? share.caption
      : composed(share.caption, [], disclosure);
    const mistake = tooLong(share.network, `${caption} ${this.link(SAMPLE_ID)}`.trim());
    if (mistake !== null) throw captionTooLong(mistake);
    return { caption, targetUrl: targetOf(post.url, share.network, programme.campaign) };
  }

  private async languageOf(personId: string): Promise<string> {
    const [row]: { language: string }[] = await this.database.query(
      `SELECT language FROM people WHERE person_id = $1`,
      [personId],
    );
    return row?.language ?? '';
  }
}

const captionTooLong = (mistake: string): DomainError =>
  invalid([{ path: ['caption'], message: `with link and disclosure ${mistake}` }]);
