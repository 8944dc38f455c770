import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { categories, networks } from '#libs/contracts';
import type { Target } from '../targeting/target.schema.js';
import type { PostStatus } from './post-states.js';

/** What a post is about. */
export type Category = (typeof categories)[number];

/** A text ready to be shared on a network, in a language. */
export interface ReadyText {
  network: (typeof networks)[number];
  language: string;
  text: string;
}

/** Something worth sharing. */
@Entity('posts')
export class Post {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  status!: PostStatus;

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

  /** Of the article. */
  @Column('text')
  language!: string;

  /** Of the article and of its texts: whoever reads one of them is shown the post. */
  @Column('text', { array: true })
  languages!: string[];

  @Column('text', { array: true })
  topics!: string[];

  /** Without their sign. */
  @Column('text', { array: true })
  hashtags!: string[];

  @Column('jsonb')
  texts!: ReadyText[];

  /** Null: that of the programme. Empty: none. */
  @Column('text', { nullable: true })
  disclosure!: string | null;

  @Column('boolean')
  callToAction!: boolean;

  /** Null: everybody. */
  @Column('jsonb', { nullable: true })
  target!: Target | null;

  @Column('uuid', { nullable: true })
  sourceId!: string | null;

  @Column('uuid', { nullable: true })
  suggestionId!: string | null;

  /** Of a scheduled post. */
  @Column('timestamptz', { nullable: true })
  publishAt!: Date | null;

  /** When it last came out; null as long as it never has. */
  @Column('timestamptz', { nullable: true })
  publishedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  /** Evergreen: it comes out again every so many weeks, until `repeatUntil`. */
  @Column('int', { nullable: true })
  repeatWeeks!: number | null;

  @Column('timestamptz', { nullable: true })
  repeatUntil!: Date | null;

  @Column('timestamptz', { nullable: true })
  nextRepeatAt!: Date | null;

  /** How often it has come out. */
  @Column('int')
  occurrence!: number;

  @Column('int')
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  editedAt!: Date;

  /** The key that wrote the present version; null of what a feed brought. */
  @Column('uuid', { nullable: true })
  editedBy!: string | null;
}
