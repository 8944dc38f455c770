import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something worth sharing. */
@Entity('posts')
export class Post {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  title!: string;

  @Column('text')
  url!: string;

  /** One article is one post, whichever feed it came from. */
  @Column('text')
  canonicalUrl!: string;

  @Column('text')
  summary!: string;

  @Column('text', { nullable: true })
  imageUrl!: string | null;

  @Column('text')
  category!: Category;

  @Column('text')
  language!: string;

  @Column('uuid', { nullable: true })
  sourceId!: string | null;

  /** Null while it is a draft: then nobody is shown it, and nobody can share it. */
  @Column('timestamptz', { nullable: true })
  publishedAt!: Date | null;
}

/** What a post is about: the company, the field, a colleague, or a job. */
export const categories = ['company', 'third-party', 'employee', 'job'] as const;
export type Category = (typeof categories)[number];
