import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, notFound } from '#libs/platform';
import { Post } from '../library/post.entity.js';
import { PeopleService } from '../people/people.service.js';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { criteria, criteriaOf, shown, targeted } from './targeted.query.js';
import { wordsOf } from './words.js';
import type { Reason } from './words.js';

const SAMPLE = 20;

/** Who sees a post: how many of the people who take part, by each criterion alone, and some of them. */
export interface Audience {
  postId: string;
  people: number;
  see: number;
  criteria: { criterion: string; people: number }[];
  sample: string[];
}

/** A post as one person is shown it. */
interface ShownPost {
  id: string;
  title: string;
  url: string;
  summary: string;
  imageUrl: string | null;
  category: string;
  topics: string[];
  hashtags: string[];
  /** The person's own where the post speaks it, else the programme's first. */
  language: string;
  /** Ready to be shared, in that language. */
  texts: { network: string; text: string }[];
  publishedAt: Date;
}

/** Answers who sees what, and why. */
@Injectable()
export class AudienceService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ContentProgrammeService,
    private readonly people: PeopleService,
  ) {}

  /** Throws `post_unknown`. */
  async of(postId: string): Promise<Audience> {
    const { manager } = this.database;
    const post = await this.post(postId);
    const { fallback } = await this.programme.current();
    const each = await criteriaOf(manager, 1);
    const all = await shown(manager, fallback, 1 + each.parameters.length);
    // All of them, so that every parameter is used; only those the post asks for are told.
    const counts = criteria.map((name) => `count(*) FILTER (WHERE ${each.of[name]}) AS "${name}"`);
    const [row]: Record<string, number>[] = await manager.query(
      `SELECT count(*) AS people, count(*) FILTER (WHERE ${all.sql}) AS see,
         count(*) FILTER (WHERE posts.languages && ARRAY[people.language, $${2 + each.parameters.length}::text]) AS language, ${counts.join(', ')}
       FROM posts CROSS JOIN people WHERE posts.id = $1 AND people.active`,
      [postId, ...each.parameters, ...all.parameters],
    );
    const asked = criteria.filter((name) => post.target?.[name] !== undefined);
    const told = ['language', ...asked].map((criterion) => ({ criterion, people: row![criterion]! }));
    const sample = await this.sample(postId, fallback);
    return { postId: post.id, people: row!['people']!, see: row!['see']!, criteria: told, sample };
  }

  private async sample(postId: string, fallback: string): Promise<string[]> {
    const { sql, parameters } = await shown(this.database.manager, fallback, 1);
    const rows: { id: string }[] = await this.database.query(
      `SELECT person_id AS id FROM posts CROSS JOIN people WHERE posts.id = $1 AND people.active AND ${sql} ORDER BY person_id LIMIT ${SAMPLE}`,
      [postId, ...parameters],
    );
    return rows.map(({ id }) => id);
  }

  /** Every criterion with whether it holds for the person. Throws `post_unknown`, `person_unknown` or `person_left`. */
  async why(postId: string, personId: string): Promise<{ sees: boolean; reasons: Reason[] }> {
    const post = await this.post(postId);
    await this.people.mustBeKnown(personId);
    const { fallback } = await this.programme.current();
    const { of, parameters } = await criteriaOf(this.database.manager, 2);
    const [row]: Record<string, unknown>[] = await this.database.query(
      `SELECT people.*, ${criteria.map((name) => `${of[name]} AS "holds ${name}"`).join(', ')}
       FROM posts CROSS JOIN people WHERE posts.id = $1 AND people.person_id = $2`,
      [postId, personId, ...parameters],
    );
    const reasons = wordsOf(post, row!, fallback);
    return { sees: reasons.every(({ holds }) => holds), reasons };
  }

  /** What a person is shown, newest first, after the post with the id `after`. Throws `person_unknown` or `person_left`. */
  async feed(
    personId: string,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<ShownPost[]> {
    await this.people.mustBeActive(personId);
    const { fallback } = await this.programme.current();
    const { sql, parameters } = await shown(this.database.manager, fallback, 3);
    return this.database.query(
      `SELECT id, title, url, summary, image_url AS "imageUrl", category, topics, hashtags, published_at AS "publishedAt", best.language,
         (SELECT COALESCE(jsonb_agg(text - 'language'), '[]') FROM jsonb_array_elements(texts) AS text WHERE text ->> 'language' = best.language) AS texts
       FROM posts CROSS JOIN people
       CROSS JOIN LATERAL (SELECT CASE WHEN people.language = ANY(languages) THEN people.language ELSE $4 END AS language) best
       WHERE status = 'published' AND people.person_id = $1 AND ${sql}
         AND ($3::uuid IS NULL OR (published_at, id) < (SELECT published_at, id FROM posts WHERE id = $3))
       ORDER BY published_at DESC, id DESC LIMIT $2`,
      [personId, limit, after ?? null, ...parameters],
    );
  }

  /** The post, if this person may share it. Throws `post_unknown`, `post_unpublished` or `post_not_for_person`. */
  async mustBeFor(postId: string, personId: string): Promise<Post> {
    const post = await this.post(postId);
    if (post.status !== 'published')
      throw new DomainError(
        'post_unpublished',
        409,
        post.status === 'draft' ? 'This post is a draft; publish it first.' : `This post is ${post.status}.`,
      );
    if (post.target === null) return post;
    const { sql, parameters } = await targeted(this.database.manager, 2);
    const rows: object[] = await this.database.query(
      `SELECT FROM posts CROSS JOIN people WHERE posts.id = $1 AND people.person_id = $2 AND ${sql}`,
      [postId, personId, ...parameters],
    );
    if (rows.length > 0) return post;
    throw new DomainError(
      'post_not_for_person',
      422,
      `This post is not meant for this person; GET /content/posts/${post.id}/audience/${personId} says why.`,
    );
  }

  private async post(id: string): Promise<Post> {
    const post = await this.database.manager.findOneBy(Post, { id });
    if (!post) throw notFound('post', id);
    return post;
  }
}
