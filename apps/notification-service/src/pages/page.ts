import type { ProgrammeSettings } from '#libs/contracts';
import { escapeHtml } from '#libs/platform';
import { paletteOf } from '../templates/palette.js';

/** What a page behind a link in a mail says. `body` is HTML; everything else is text and escaped here. */
export interface PageParts {
  locale: string;
  title: string;
  heading: string;
  text: string;
  body?: string;
  /** CSS of this page beside that of all. */
  style?: string;
}

/** A page of the programme: plain HTML without scripts; whatever changes something on it is a form that posts. */
export function page(
  { locale, title, heading, text, body = '', style = '' }: PageParts,
  programme: ProgrammeSettings,
): string {
  return `<!doctype html>
<html lang="${escapeHtml(locale)}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escapeHtml(title)} · ${escapeHtml(programme.name)}</title>
<style>${styleOf(programme)}${style}</style>
</head>
<body><main>
<p class="mark">${escapeHtml(programme.name)}</p>
<h1>${escapeHtml(heading)}</h1>
<p>${escapeHtml(text)}</p>
${body}
</main></body>
</html>`;
}

/** A form of one button. The action is relative, so it also works behind a proxy that adds a path. */
export const button = (action: string, label: string): string =>
  `<form method="post" action="${escapeHtml(action)}"><button>${escapeHtml(label)}</button></form>`;

function styleOf({ brand }: ProgrammeSettings): string {
  const colour = paletteOf(brand);
  return `
:root { color-scheme: light dark; }
body { margin: 0; background: ${colour['background']}; color: #33332f; font: 17px/1.6 -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
main { max-width: 30rem; margin: 12vh auto 2rem; padding: 1.5rem 2rem 2.25rem; background: #fff; border-radius: 14px; border-top: 5px solid ${colour['colour']}; }
h1 { margin: 0 0 .5rem; font: 400 1.8rem/1.25 Georgia, serif; color: #1d1d1b; }
.mark { color: ${colour['colour']}; font-size: .8rem; font-weight: 700; letter-spacing: .14em; text-transform: uppercase; }
.chosen { margin: 1rem 0; padding: .75rem 1rem; border-radius: 8px; font-size: 1.15rem; font-weight: 600; background: ${colour['background']}; }
button { margin-top: .5rem; padding: .8rem 1.6rem; border: 0; border-radius: 8px; font: inherit; font-weight: 600; cursor: pointer; background: ${colour['colour']}; color: ${colour['onColour']}; }
button:focus-visible, a:focus-visible { outline: 3px solid ${colour['accent']}; outline-offset: 2px; }
.others { margin-top: 1.5rem; font-size: .9rem; line-height: 2.2; }
.others a { display: inline-block; margin-right: .4rem; padding: 0 .7rem; border: 1px solid ${colour['colour']}; border-radius: 8px; color: inherit; text-decoration: none; }
@media (max-width: 34rem) { main { margin: 1rem; } }
@media (prefers-color-scheme: dark) {
  body { background: ${colour['night']}; color: #d9ded9; } main { background: ${colour['nightCard']}; }
  h1 { color: #f1f3f0; } .mark { color: ${colour['nightColour']}; } .chosen { background: ${colour['night']}; }
  .others a { border-color: ${colour['nightColour']}; }
}`;
}
