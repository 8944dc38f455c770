import type { EntityManager } from 'typeorm';

/** A click before it is stored. */
export interface Click {
  id: string;
  shareId: string;
  postId: string;
  personId: string;
  network: string;
  at: Date;
  visitor: string;
  reasons: string[];
}

/** Adds `repeat` to every click whose visitor has followed this link before, today or in this batch. */
export async function markRepeats(manager: EntityManager, clicks: readonly Click[]): Promise<void> {
  const believable = clicks.filter(({ reasons }) => reasons.length === 0);
  const first: { shareId: string; visitor: string }[] = await manager.query(
    `INSERT INTO click_visitors (share_id, visitor) SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) ORDER BY 1, 2
     ON CONFLICT DO NOTHING RETURNING share_id AS "shareId", visitor`,
    [believable.map((click) => click.shareId), believable.map((click) => click.visitor)],
  );
  const fresh = new Set(first.map(({ shareId, visitor }) => `${shareId}|${visitor}`));
  for (const click of believable)
    if (!fresh.delete(`${click.shareId}|${click.visitor}`)) click.reasons.push('repeat');
}

/** Stores a batch; the visitor hash is not kept with the click. One whose first try was stored unnoticed stays as it is. */
export async function insertClicks(manager: EntityManager, clicks: readonly Click[]): Promise<void> {
  await manager.query(
    `INSERT INTO clicks (id, share_id, at, credible, reasons)
     SELECT id, "shareId", at, jsonb_array_length(reasons) = 0, ARRAY(SELECT jsonb_array_elements_text(reasons))
     FROM jsonb_to_recordset($1::jsonb) AS c(id uuid, "shareId" uuid, at timestamptz, reasons jsonb)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(clicks)],
  );
}
