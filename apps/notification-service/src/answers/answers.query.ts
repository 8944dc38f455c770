import type { EntityManager } from 'typeorm';

/** A question that a mail asked, and what was answered. */
export interface Question {
  deliveryId: string;
  personId: string;
  template: string;
  askId: string;
  options: string[];
  expiresAt: Date;
  anonymous: boolean;
  /** Null while nobody has answered; empty where it is not kept. */
  answer: string | null;
}

/** The question of a delivery, if it asks one. */
export async function findQuestion(
  manager: EntityManager,
  deliveryId: string,
): Promise<Question | undefined> {
  const [row]: (Omit<Question, 'expiresAt'> & { expiresAt: string })[] = await manager.query(
    `SELECT id AS "deliveryId", person_id AS "personId", template, answers->>'askId' AS "askId", answers->'options' AS options,
       answers->>'expiresAt' AS "expiresAt", COALESCE((answers->>'anonymous')::boolean, false) AS anonymous, answer
     FROM deliveries LEFT JOIN answers ON delivery_id = id WHERE id = $1 AND deliveries.answers IS NOT NULL`,
    [deliveryId],
  );
  return row && { ...row, expiresAt: new Date(row.expiresAt) };
}

/** Keeps the first answer; false when there was one already. */
export async function insertAnswer(
  manager: EntityManager,
  { deliveryId, anonymous }: Question,
  answer: string,
  now: Date,
): Promise<boolean> {
  const inserted: object[] = await manager.query(
    `INSERT INTO answers (delivery_id, answer, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING delivery_id`,
    [deliveryId, anonymous ? '' : answer, now],
  );
  return inserted.length > 0;
}
