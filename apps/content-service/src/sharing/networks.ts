import type { networks } from '#libs/contracts';

export type Network = (typeof networks)[number];

/** The page of each network where a colleague confirms their own post. */
const intents: Record<Network, (link: string, caption: string) => string> = {
  linkedin: (link) => `https://www.linkedin.com/sharing/share-offsite/?${query({ url: link })}`,
  x: (link, caption) => `https://x.com/intent/post?${query({ url: link, text: caption })}`,
  facebook: (link) => `https://www.facebook.com/sharer/sharer.php?${query({ u: link })}`,
  whatsapp: (link, caption) => `https://wa.me/?${query({ text: join(caption, link) })}`,
  email: (link, caption) => `mailto:?${query({ body: join(caption, link) })}`,
  mastodon: (link, caption) => `https://mastodonshare.com/?${query({ text: caption, url: link })}`,
  bluesky: (link, caption) => `https://bsky.app/intent/compose?${query({ text: join(caption, link) })}`,
};

export const shareIntent = (network: Network, link: string, caption: string): string =>
  intents[network](link, caption);

/** Where a click ends up, with the usual campaign parameters; those the address already has stay. */
export function targetOf(url: string, network: Network): string {
  const target = new URL(url);
  const campaign = { utm_source: network, utm_medium: 'employee_advocacy', utm_campaign: 'laurel' };
  for (const [name, value] of Object.entries(campaign))
    if (!target.searchParams.has(name)) target.searchParams.set(name, value);
  return target.href;
}

// %20 rather than +: mailto and some apps show the plus sign.
const query = (values: Record<string, string>): string =>
  new URLSearchParams(values).toString().replaceAll('+', '%20');
const join = (caption: string, link: string): string => (caption ? `${caption} ${link}` : link);
