import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { SelectQueryBuilder } from 'typeorm';
import { Post } from './post.entity.js';
import type { PostFilter } from './post.schema.js';

/** What a filter asks of a row; a filter that is not given asks for nothing. */
const ASKED: readonly [keyof PostFilter, string][] = [
  ['category', 'post.category = :category'],
  ['topic', ':topic = ANY(post.topics)'],
  ['language', ':language = ANY(post.languages)'],
  ['source', 'post.source_id = :source'],
  ['from', 'COALESCE(post.published_at, post.created_at) >= :from'],
  ['to', 'COALESCE(post.published_at, post.created_at) < :to'],
];

/** Finds posts. */
@Injectable()
export class SearchService {
  constructor(@InjectRepository(Post) private readonly posts: Repository<Post>) {}

  /** Newest first, of one moment by title; published ones unless another state, or drafts, are asked for. */
  find(filter: PostFilter): Promise<Post[]> {
    return this.query(filter).getMany();
  }

  /** The statement behind `find`, so that its plan can be looked at. */
  query(filter: PostFilter): SelectQueryBuilder<Post> {
    const status = filter.status ?? (filter.draft ? 'draft' : 'published');
    const query = this.posts.createQueryBuilder('post').where('post.status = :status', { status });
    for (const [name, condition] of ASKED)
      if (filter[name] !== undefined) query.andWhere(condition, { [name]: filter[name] });
    if (filter.q !== undefined)
      query.andWhere(`post.search @@ to_tsquery('simple', :words)`, { words: wordsOf(filter.q) });
    if (filter.after !== undefined) query.andWhere(AFTER, { after: filter.after });
    return query
      .orderBy('COALESCE(post.published_at, post.created_at)', 'DESC')
      .addOrderBy('post.title', 'ASC')
      .addOrderBy('post.id', 'ASC')
      .limit(filter.limit);
  }
}

const AFTER = `EXISTS (SELECT FROM posts last WHERE last.id = :after AND (
  COALESCE(post.published_at, post.created_at) < COALESCE(last.published_at, last.created_at)
  OR (COALESCE(post.published_at, post.created_at) = COALESCE(last.published_at, last.created_at)
    AND (post.title, post.id) > (last.title, last.id))))`;

/** Every word as the beginning of one; signs that a query language would read are left out. Signs alone find nothing. */
const wordsOf = (text: string): string =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `'${word}':*`).join(' & ');
