import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '#libs/platform';

/** A key by its hash; the key itself is shown once and stored nowhere. */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  role!: Role;

  @Column('text')
  keyHash!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
