/** A visit of a link together with what is known of its share. Instants in epoch milliseconds. */
export interface Heard {
  id: string;
  shareId: string;
  at: number;
  visitor: string;
  /** What spoke against a person at first sight. */
  reasons: readonly string[];
  sharedAt: number;
  withdrawn: boolean;
  /** Whether it comes from where the person themselves was seen today. */
  own: boolean;
}

/** A credible click of today that is stored already. */
export interface Believed {
  id: string;
  shareId: string;
  at: number;
  visitor: string;
}

/** What was known before. */
export interface Known {
  believed: readonly Believed[];
  /** Visitors who followed a honeypot link today. */
  trapped: ReadonlySet<string>;
}

/** What came of a batch: every click with all its reasons, none meaning credible; and believed clicks that are doubted now. */
export interface Judgement {
  clicks: { click: Heard; reasons: string[] }[];
  doubted: { id: string; reason: string }[];
}

/** Nobody reads three pages at once. */
const TOO_MANY_LINKS = 3;

/**
 * Judges a batch of clicks. `haste` in milliseconds: a click so soon after its share was made is a scanner's, and so are clicks of three
 * different links by one visitor within that time; 0 means that neither is looked at.
 */
export function judge(clicks: readonly Heard[], known: Known, haste: number): Judgement {
  const hasty = hastyOnes([...clicks, ...known.believed], haste);
  const seen = new Set(known.believed.map(followOf));
  const judged = clicks
    .toSorted((a, b) => a.at - b.at)
    .map((click) => {
      const doubts = doubtsOf(click, known, haste, hasty);
      const reasons = doubts.length === 0 && seen.has(followOf(click)) ? ['repeat'] : doubts;
      if (reasons.length === 0) seen.add(followOf(click));
      return { click, reasons };
    });
  return { clicks: judged, doubted: doubtedLate(known, hasty) };
}

function doubtsOf(click: Heard, known: Known, haste: number, hasty: ReadonlySet<string>): string[] {
  const soon = haste > 0 && click.at - click.sharedAt < haste;
  return [
    ...click.reasons,
    ...(click.withdrawn ? ['withdrawn'] : []),
    ...(click.own ? ['own visit'] : []),
    ...(soon ? ['too soon'] : []),
    ...(hasty.has(click.id) ? ['many links'] : []),
    ...(known.trapped.has(click.visitor) ? ['honeypot'] : []),
  ];
}

const doubtedLate = ({ believed, trapped }: Known, hasty: ReadonlySet<string>): Judgement['doubted'] =>
  believed.flatMap(({ id, visitor }) => {
    if (trapped.has(visitor)) return [{ id, reason: 'honeypot' }];
    return hasty.has(id) ? [{ id, reason: 'many links' }] : [];
  });

const followOf = ({ shareId, visitor }: { shareId: string; visitor: string }): string =>
  `${shareId} ${visitor}`;

/** The ids of clicks that belong to so many different links followed by one visitor in so short a time. */
function hastyOnes(clicks: readonly Believed[], haste: number): Set<string> {
  const hasty = new Set<string>();
  if (haste === 0) return hasty;
  for (const own of byVisitor(clicks).values()) {
    if (own.length < TOO_MANY_LINKS) continue;
    for (const [index, { at }] of own.entries()) {
      const together = own.slice(index).filter((click) => click.at - at < haste);
      if (new Set(together.map(({ shareId }) => shareId)).size >= TOO_MANY_LINKS)
        for (const { id } of together) hasty.add(id);
    }
  }
  return hasty;
}

function byVisitor(clicks: readonly Believed[]): Map<string, Believed[]> {
  const visitors = new Map<string, Believed[]>();
  for (const click of clicks.toSorted((a, b) => a.at - b.at)) {
    const own = visitors.get(click.visitor);
    if (own) own.push(click);
    else visitors.set(click.visitor, [click]);
  }
  return visitors;
}
