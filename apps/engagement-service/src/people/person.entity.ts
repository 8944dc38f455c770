import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A colleague as the directory knows them: the one place of personal data in this service. */
@Entity('people')
export class Person {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { nullable: true })
  externalId!: string | null;

  @Column('text')
  email!: string;

  @Column('text')
  name!: string;

  @Column('text')
  locale!: string;

  @Column('text')
  zone!: string;

  @Column('text', { nullable: true })
  team!: string | null;

  @Column('text', { nullable: true })
  department!: string | null;

  @Column('text', { nullable: true })
  location!: string | null;

  @Column('text')
  seniority!: string;

  @Column('uuid', { nullable: true })
  leadId!: string | null;

  @Column('boolean')
  active!: boolean;

  @Column('boolean')
  consentsRanking!: boolean;

  @Column('boolean')
  consentsMail!: boolean;

  @Column('date', { nullable: true })
  joinedOn!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
