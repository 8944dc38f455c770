const DAY_MS = 86_400_000;
/** Some badges are awarded by nightly jobs, which now and then come late. */
const JOB_DAYS = 3;
const dayOf = (instant) => Math.floor(Date.parse(instant) / DAY_MS);

/**
 * Pairs the awards of two sides, each a list of {person, at}: of the same person, and ours not more than a few days before the real one
 * (of its job). Ours may be later: votes that were taken back, and comments and posts that were deleted, count
 * for the real badge and stand in no dump.
 */
export function compare(real, awarded) {
  const left = new Map();
  for (const award of [...awarded].sort(byTime))
    left.set(award.person, [...(left.get(award.person) ?? []), award]);
  const missing = [];
  let [both, sameDay] = [0, 0];
  for (const award of [...real].sort(byTime)) {
    const own = left.get(award.person) ?? [];
    const place = own.findIndex(({ at }) => dayOf(award.at) - dayOf(at) <= JOB_DAYS);
    if (place < 0) {
      missing.push(award);
      continue;
    }
    const [match] = own.splice(place, 1);
    both += 1;
    if (dayOf(match.at) === dayOf(award.at)) sameDay += 1;
  }
  return {
    real: real.length,
    awarded: awarded.length,
    both,
    sameDay,
    missing,
    extra: [...left.values()].flat(),
  };
}

const byTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
