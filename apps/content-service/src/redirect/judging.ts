import type { EntityManager } from 'typeorm';
import { event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { stableId } from '#libs/platform';
import { confirmShares } from '../sharing/confirm.query.js';
import { doubtClicks, insertClicks, knownOf, newClicks, noteVisitors, trap } from './clicks.query.js';
import type { Doubted, HeardOf } from './clicks.query.js';
import { judge } from './credibility.js';
import type { Judgement } from './credibility.js';
import type { Visit } from './journal-line.js';

/** Stores a batch of visits with what speaks against each, every one once however often it comes; returns the events to tell. */
export async function settleVisits(
  manager: EntityManager,
  visits: readonly Visit[],
  haste: number,
): Promise<NewEvent[]> {
  const trapped = visits.filter(({ shareId }) => shareId === null);
  await trap(manager, trapped);
  const heard = await newClicks(
    manager,
    visits.filter(({ shareId }) => shareId !== null),
  );
  const visitors = new Set([...trapped, ...heard].map(({ visitor }) => visitor));
  const judged = judge(heard, await knownOf(manager, [...visitors]), haste);
  const { clicks } = await markLate(manager, judged);
  const fresh = await insertClicks(manager, clicks);
  const doubted = await doubtClicks(manager, judged.doubted);
  const told = clicks.filter(({ click }) => fresh.has(click.id));
  return [...told.map(linkClicked), ...doubted.map(linkDoubted), ...(await confirmed(manager, told))];
}

/** What another replica has stored meanwhile makes repeats of ours. */
async function markLate(manager: EntityManager, { clicks, doubted }: Judgement): Promise<Judgement> {
  const credible = clicks.filter(({ reasons }) => reasons.length === 0).map(({ click }) => click);
  const late = await noteVisitors(manager, credible);
  return {
    clicks: clicks.map(({ click, reasons }) => ({
      click,
      reasons: late.has(click.id) ? ['repeat'] : reasons,
    })),
    doubted,
  };
}

/** A colleague's network has come by the link: so it was shared. */
function confirmed(manager: EntityManager, told: Judgement['clicks']): Promise<NewEvent[]> {
  const first = new Map<string, number>();
  for (const { click, reasons } of told)
    if (reasons.length === 0 && !first.has(click.shareId)) first.set(click.shareId, click.at);
  return confirmShares(manager, first, 'click');
}

function linkClicked({ click, reasons }: Judgement['clicks'][number]): NewEvent {
  const { id, shareId, postId, personId, network, at } = click as HeardOf;
  const credible = reasons.length === 0;
  const data = { clickId: id, shareId, postId, personId, network, credible, reasons };
  return event('link.clicked', data, { id, time: new Date(at) });
}

const linkDoubted = (doubted: Doubted): NewEvent =>
  event('link.doubted', doubted, { id: stableId('link.doubted', doubted.clickId) });
