/** Longer ones are followed by few servers and indexed by no database. */
const MAX_ADDRESS = 2_000;

/** An absolute http(s) address without credentials, resolved against a base; null for anything else. */
export function webAddress(address: string | undefined, base: string | undefined): string | null {
  // A browser ignores line ends and tabs within an address; so must the look at its scheme.
  const bare = address
    ?.slice(0, 2 * MAX_ADDRESS)
    .replace(/[\t\n\r]/g, '')
    .trim();
  if (!bare) return null;
  const url = URL.canParse(bare, base) ? new URL(bare, base) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null;
  url.username = '';
  url.password = '';
  return url.href.length <= MAX_ADDRESS ? url.href : null;
}

const TRACKING = /^(utm_\w+|fbclid|gclid|mc_[ce]id|wt_mc|source)$/i;

/** The address by which one article is known across feeds: no tracking parameters, fragment or `www.`; https. */
export function canonicalAddress(address: string): string {
  const url = new URL(address);
  const tracking = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of tracking) url.searchParams.delete(name);
  url.hash = '';
  url.protocol = 'https:';
  url.hostname = url.hostname.replace(/^(www\.)+/, '');
  url.searchParams.sort();
  return url.href.replace(/\/+$/, '');
}
