import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Category } from '../library/post.entity.js';

/** A feed that posts are imported from. */
@Entity('sources')
export class Source {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  url!: string;

  /** Of the address, with its port; one host is asked by one at a time. */
  @Column('text')
  host!: string;

  /** Whether its articles wait for review, or are published at once. */
  @Column('text')
  to!: 'review' | 'library';

  /** Who is told when it breaks; null: the owners of the programme. */
  @Column('uuid', { nullable: true })
  ownerId!: string | null;

  /** Only an active one is looked at; `gone` is one whose server said so. */
  @Column('text')
  status!: 'active' | 'paused' | 'gone';

  @Column('text')
  category!: Category;

  @Column('text')
  language!: string;

  @Column('int')
  everyHours!: number;

  /** How often the feed itself, or its server, asks to be looked at. */
  @Column('int', { nullable: true })
  askedMinutes!: number | null;

  @Column('text', { nullable: true })
  etag!: string | null;

  @Column('text', { nullable: true })
  lastModified!: string | null;

  @Column('timestamptz')
  nextFetchAt!: Date;

  @Column('timestamptz', { nullable: true })
  lastFetchedAt!: Date | null;

  /** Failures in a row; each doubles the pause. */
  @Column('int')
  failures!: number;

  @Column('text', { nullable: true })
  lastError!: string | null;

  /** Since when its owner knows that it is broken. */
  @Column('timestamptz', { nullable: true })
  brokenSince!: Date | null;
}
