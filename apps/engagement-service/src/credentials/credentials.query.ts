import type { EntityManager } from 'typeorm';
import type { Achievement } from './open-badge.js';

/** A credential with what stands behind it now: the award, and the person it is about. */
export interface CredentialRow {
  id: string;
  awardId: string;
  personId: string;
  achievement: Achievement;
  subject: string;
  salt: string;
  statusIndex: number;
  issuedAt: Date;
  earnedAt: Date;
  revokedAt: Date | null;
  email: string;
  name: string;
  locale: string;
  /** False: the name is not shown. */
  consentsRanking: boolean;
}

/** Null when there is none, or nobody it could be about any more. */
export async function readCredential(manager: EntityManager, id: string): Promise<CredentialRow | null> {
  const [row]: CredentialRow[] = await manager.query(
    `SELECT c.id, award_id AS "awardId", p.id AS "personId", achievement, subject, salt, status_index AS "statusIndex",
       issued_at AS "issuedAt", earned_at AS "earnedAt", revoked_at AS "revokedAt", p.email, p.name, p.locale,
       p.consents_ranking AS "consentsRanking"
     FROM credentials c JOIN badge_awards a ON a.id = award_id JOIN people p ON p.id = person_id WHERE c.id = $1`,
    [id],
  );
  return row ?? null;
}

/** An award that a credential could be issued for. */
export async function readAward(
  manager: EntityManager,
  awardId: string,
): Promise<{ badge: string; tier: string | null; revokedAt: Date | null } | null> {
  const [row]: { badge: string; tier: string | null; revokedAt: Date | null }[] = await manager.query(
    `SELECT badge, nullif(tier, '') AS tier, revoked_at AS "revokedAt" FROM badge_awards WHERE id = $1`,
    [awardId],
  );
  return row ?? null;
}

/** Makes the credential of an award once; returns its id, whoever has made it. */
export async function insertCredential(
  manager: EntityManager,
  row: Pick<CredentialRow, 'id' | 'awardId' | 'achievement' | 'subject' | 'salt' | 'issuedAt'>,
): Promise<string> {
  await manager.query(
    `INSERT INTO credentials (id, award_id, achievement, subject, salt, issued_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (award_id) DO NOTHING`,
    [row.id, row.awardId, JSON.stringify(row.achievement), row.subject, row.salt, row.issuedAt],
  );
  const [known]: { id: string }[] = await manager.query(`SELECT id FROM credentials WHERE award_id = $1`, [
    row.awardId,
  ]);
  return known!.id;
}

/** The places of revoked credentials between two, the second one exclusive. */
export async function revokedBetween(manager: EntityManager, from: number, to: number): Promise<number[]> {
  const rows: { index: number }[] = await manager.query(
    `SELECT status_index AS index FROM credentials JOIN badge_awards a ON a.id = award_id
     WHERE revoked_at IS NOT NULL AND status_index >= $1 AND status_index < $2`,
    [from, to],
  );
  return rows.map(({ index }) => index);
}
