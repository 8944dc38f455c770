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

  @Column('text')
  category!: Category;

  @Column('text')
  language!: string;

  @Column('int')
  everyHours!: number;

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
}
