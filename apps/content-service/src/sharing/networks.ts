import type { networks } from '#libs/contracts';

export type Network = (typeof networks)[number];

/** What people call each network. */
export const networkNames: Record<Network, string> = {
  linkedin: 'LinkedIn',
  x: 'X',
  facebook: 'Facebook',
  whatsapp: 'WhatsApp',
  email: 'e-mail',
  mastodon: 'Mastodon',
  bluesky: 'Bluesky',
};

/** The page of each network where a colleague confirms their own post. */
const intents: Record<Network, (link: string, text: string) => string> = {
  // LinkedIn's page for a link alone takes no words; its feed does.
  linkedin: (link, text) =>
    text
      ? `https://www.linkedin.com/feed/?${query({ shareActive: 'true', text: join(text, link) })}`
      : `https://www.linkedin.com/sharing/share-offsite/?${query({ url: link })}`,
  x: (link, text) => `https://x.com/intent/post?${query({ url: link, text })}`,
  facebook: (link) => `https://www.facebook.com/sharer/sharer.php?${query({ u: link })}`,
  whatsapp: (link, text) => `https://wa.me/?${query({ text: join(text, link) })}`,
  email: (link, text) => `mailto:?${query({ body: join(text, link) })}`,
  mastodon: (link, text) => `https://mastodonshare.com/?${query({ text, url: link })}`,
  bluesky: (link, text) => `https://bsky.app/intent/compose?${query({ text: join(text, link) })}`,
};

/** The page on which a colleague posts a text with a link. Facebook takes no words along. */
export const shareIntent = (network: Network, link: string, text: string): string =>
  intents[network](link, text);

/** Where a click ends up, with the usual campaign parameters; those the address already has stay. */
export function targetOf(url: string, network: Network, campaign: string): string {
  const target = new URL(url);
  const parameters = { utm_source: network, utm_medium: 'employee_advocacy', utm_campaign: campaign };
  for (const [name, value] of Object.entries(parameters))
    if (!target.searchParams.has(name)) target.searchParams.set(name, value);
  return target.href;
}

// %20 rather than +: mailto and some apps show the plus sign.
const query = (values: Record<string, string>): string =>
  new URLSearchParams(values).toString().replaceAll('+', '%20');
const join = (text: string, link: string): string => (text ? `${text} ${link}` : link);
