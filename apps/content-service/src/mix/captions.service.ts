import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';

const DAY_MS = 86_400_000;
/** How far back colleagues' captions are looked at when somebody shares. */
const RECENT_DAYS = 30;
/** From here on two captions read as one (pg_trgm's similarity, 0 … 1). */
const ALIKE = 0.6;
/** Shorter ones are alike by nature ("Great news!"). */
const SHORTEST = 20;
/** Of one post, the captions most often used are compared. */
const MOST_CAPTIONS = 300;
const MOST_ROWS = 1000;

/** What is compared: words alone. */
const words = (column: string): string =>
  `btrim(regexp_replace(lower(${column}), 'https?://\\S+|[^[:alnum:]]+', ' ', 'g'))`;

/** Captions of one post that read as one (most used first), and how many people used them. */
export interface AlikeCaptions {
  postId: string;
  captions: string[];
  people: number;
}

/** Points out captions that are nearly the same across colleagues. */
@Injectable()
export class CaptionsService {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** How many others have lately shared this post with a caption that reads the same; 0 for a short one. */
  async alike(share: { postId: string; personId: string; caption: string }): Promise<number> {
    if (share.caption.length < SHORTEST) return 0;
    const [row]: { people: number }[] = await this.database.query(
      `SELECT count(DISTINCT person_id) AS people FROM shares
       WHERE post_id = $1 AND person_id <> $2 AND shared_at > $3 AND similarity(${words('caption')}, ${words('$4::text')}) >= ${ALIKE}`,
      [share.postId, share.personId, this.since(RECENT_DAYS), share.caption],
    );
    return row!.people;
  }

  /** Of the last days, most used first; a caption is told once, with those it is most like. */
  async list(days: number): Promise<AlikeCaptions[]> {
    const around: AlikeCaptions[] = await this.database.query(
      `WITH used AS (
         SELECT post_id, ${words('caption')} AS said, min(caption) AS caption, array_agg(DISTINCT person_id) AS people
         FROM shares WHERE shared_at > $1 AND length(caption) >= ${SHORTEST} GROUP BY 1, 2
       ), ranked AS (
         SELECT *, row_number() OVER (PARTITION BY post_id ORDER BY cardinality(people) DESC, said) AS rank FROM used
       ), around AS (
         SELECT a.post_id, a.rank, array_agg(DISTINCT b.caption) AS captions, count(DISTINCT person) AS people
         FROM ranked a JOIN ranked b ON a.post_id = b.post_id AND similarity(a.said, b.said) >= ${ALIKE} CROSS JOIN unnest(b.people) AS person
         WHERE a.rank <= ${MOST_CAPTIONS} AND b.rank <= ${MOST_CAPTIONS} GROUP BY 1, 2
       )
       SELECT post_id AS "postId", captions, people FROM around WHERE people > 1 ORDER BY people DESC, post_id, rank LIMIT ${MOST_ROWS}`,
      [this.since(days)],
    );
    return withoutRepeats(around);
  }

  private since(days: number): Date {
    return new Date(this.clock.now().getTime() - days * DAY_MS);
  }
}

/** Every caption is the middle of a row of its own; those told with an earlier one are left out. */
function withoutRepeats(around: readonly AlikeCaptions[]): AlikeCaptions[] {
  const told = new Set<string>();
  return around.filter(({ postId, captions }) => {
    const keys = captions.map((caption) => `${postId} ${caption}`);
    if (keys.some((key) => told.has(key))) return false;
    for (const key of keys) told.add(key);
    return true;
  });
}
