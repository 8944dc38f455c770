import { escapeHtml } from '#libs/platform';
import type { CredentialWords } from './credential.words.js';

/** What the page of a credential shows. */
export interface CredentialPage {
  words: CredentialWords;
  title: string;
  description: string;
  tier: string | null;
  /** A drawing that was checked with the programme; it goes into the page as it is. */
  artwork: string;
  awarded: string;
  by: string;
  state: 'valid' | 'expired' | 'revoked';
  brand: { colour: string; background: string };
  /** The address of the page; downloads lie beneath it. */
  address: string;
}

const downloads = [
  ['badge.png', 'PNG'],
  ['badge.svg', 'SVG'],
  ['credential.json', 'JSON'],
  ['credential.jwt', 'JWT'],
] as const;

/** The public page of a credential; every value is escaped, and the drawing runs nothing. */
export const credentialPage = (page: CredentialPage): string => `<!doctype html>
<html lang="${page.words.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(page.title)}</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; font: 17px/1.6 system-ui, sans-serif; background: ${page.brand.background}; color: #22302c; }
  main { max-width: 30rem; margin: 10vh auto; padding: 2.25rem; background: #fff; border-radius: 14px; box-shadow: 0 2px 24px #0001; text-align: center; }
  main > svg { width: 11rem; height: 11rem; }
  h1 { font-size: 1.7rem; line-height: 1.25; margin: .75rem 0 .25rem; }
  .tier { text-transform: capitalize; letter-spacing: .02em; font-weight: 600; color: ${page.brand.colour}; }
  .by { color: #6b6b64; margin-top: 0; }
  .state { display: inline-block; margin: .75rem 0; padding: .35rem 1rem; border-radius: 99px; background: #e4f2ec; color: #14563f; font-weight: 600; }
  .expired, .revoked { background: #f7e3dd; color: #7d2817; }
  nav { margin-top: .5rem; }
  nav a { display: inline-block; margin: .25rem; padding: .5rem 1.1rem; border-radius: 8px; background: ${page.brand.colour}; color: #fff; font-weight: 600; text-decoration: none; }
  a:focus-visible { outline: 3px solid #e0a43a; outline-offset: 2px; }
  small { display: block; margin-top: 1rem; color: #6b6b64; }
  @media (max-width: 34rem) { main { margin: 0; min-height: 100vh; border-radius: 0; box-sizing: border-box; } }
  @media (prefers-color-scheme: dark) { body { background: #16201d; color: #e6ece9; } main { background: #1f2b27; } .by, small { color: #a9b5b0; } .tier { color: #6cc3ac; } }
</style>
</head>
<body><main>
${page.artwork}
<h1>${escapeHtml(page.title)}</h1>
${page.tier ? `<div class="tier">${escapeHtml(page.tier)}</div>` : ''}
<p>${escapeHtml(page.description)}</p>
<p><strong>${escapeHtml(page.awarded)}</strong></p>
<p class="by">${escapeHtml(page.by)}</p>
${stateOf(page)}
</main></body>
</html>
`;

function stateOf({ words, state, address }: CredentialPage): string {
  const badge = (text: string): string => `<div class="state ${state}">${escapeHtml(text)}</div>`;
  if (state === 'revoked') return `${badge(words.revoked)}<p>${escapeHtml(words.revokedText)}</p>`;
  const links = downloads.map(([file, label]) => `<a href="${escapeHtml(address)}/${file}">${label}</a>`);
  return `${badge(state === 'valid' ? words.valid : words.expired)}
<p>${escapeHtml(words.take)}</p>
<nav>${links.join('')}</nav>
<small>${escapeHtml(words.how)}</small>`;
}
