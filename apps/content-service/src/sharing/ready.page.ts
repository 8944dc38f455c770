import { escapeHtml } from '#libs/platform';
import type { ReadyWords } from './ready.words.js';

/** What the page shows of a share that is ready: what will be said, and the one thing to do. */
export interface ReadyPage {
  words: ReadyWords;
  heading: string;
  text: string;
  /** What colleagues will read, and about what. */
  share?: { title: string; caption: string } | undefined;
  /** POSTs to this address, when there is something to confirm. */
  confirm?: string | undefined;
  /** The network's own page, once the share is made. */
  open?: { url: string; label: string } | undefined;
}

/** The page behind the link of a "your share is ready" mail; every value is escaped. */
export const readyPage = ({
  words,
  heading,
  text,
  share,
  confirm,
  open,
}: ReadyPage): string => `<!doctype html>
<html lang="${words.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(heading)}</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; font: 17px/1.6 system-ui, sans-serif; background: #f4f1ea; color: #22302c; }
  main { max-width: 32rem; margin: 12vh auto 0; padding: 2.25rem; background: #fff; border-radius: 14px; box-shadow: 0 2px 24px #0001; }
  h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
  blockquote { margin: 1.25rem 0; padding: .25rem 0 .25rem 1rem; border-left: 3px solid #1f6f5c; overflow-wrap: anywhere; white-space: pre-line; }
  strong { display: block; }
  button, a.button { display: inline-block; font: inherit; font-weight: 600; margin-top: .5rem; padding: .8rem 1.5rem; border: 0; border-radius: 8px; background: #1f6f5c; color: #fff; cursor: pointer; text-decoration: none; }
  button:focus-visible, a:focus-visible { outline: 3px solid #e0a43a; outline-offset: 2px; }
  @media (max-width: 36rem) { main { margin: 0; min-height: 100vh; border-radius: 0; box-sizing: border-box; } }
  @media (prefers-color-scheme: dark) { body { background: #16201d; color: #e6ece9; } main { background: #1f2b27; } }
</style>
</head>
<body><main>
<h1>${escapeHtml(heading)}</h1>
<p>${escapeHtml(text)}</p>
${share ? `<blockquote><strong>${escapeHtml(share.title)}</strong>${escapeHtml(share.caption)}</blockquote>` : ''}
${confirm ? `<form method="post"><button type="submit">${escapeHtml(confirm)}</button></form>` : ''}
${open ? `<a class="button" rel="noopener" href="${escapeHtml(open.url)}">${escapeHtml(open.label)}</a>` : ''}
</main></body>
</html>
`;
