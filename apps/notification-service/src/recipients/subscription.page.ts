import type { ProgrammeSettings } from '#libs/contracts';
import { paletteOf } from '../templates/palette.js';
import type { Language, PageWords } from '../templates/words.js';

/** What the page has to say. */
export type PageState = 'question' | 'done' | 'back' | 'invalid';

const buttons: Record<PageState, { word: keyof PageWords; path: string } | null> = {
  question: { word: 'confirm', path: '' },
  done: { word: 'undo', path: '/undo' },
  back: null,
  invalid: null,
};

/** The page behind the unsubscribe link: plain HTML without scripts; only its button's POST changes anything. */
export function unsubscribePage(
  state: PageState,
  { locale, page }: Language,
  programme: ProgrammeSettings,
  token: string,
): string {
  const button = buttons[state];
  // Relative, so it also works behind a proxy that adds a path.
  const form = button
    ? `<form method="post" action="${escape(encodeURIComponent(token) + button.path)}"><button>${escape(page[button.word])}</button></form>`
    : '';
  return `<!doctype html>
<html lang="${escape(locale)}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escape(page.title)} · ${escape(programme.name)}</title>
<style>${styleOf(programme)}</style>
</head>
<body><main>
<p class="mark">${escape(programme.name)}</p>
<h1>${escape(page[state])}</h1>
<p>${escape(page[`${state}Text`])}</p>
${form}
</main></body>
</html>`;
}

function styleOf({ brand }: ProgrammeSettings): string {
  const colour = paletteOf(brand);
  return `
:root { color-scheme: light dark; }
body { margin: 0; background: ${colour['background']}; color: #33332f; font: 17px/1.6 -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
main { max-width: 30rem; margin: 12vh auto 2rem; padding: 1.5rem 2rem 2.25rem; background: #fff; border-radius: 14px; border-top: 5px solid ${colour['colour']}; }
h1 { margin: 0 0 .5rem; font: 400 1.8rem/1.25 Georgia, serif; color: #1d1d1b; }
.mark { color: ${colour['colour']}; font-size: .8rem; font-weight: 700; letter-spacing: .14em; text-transform: uppercase; }
button { margin-top: .5rem; padding: .8rem 1.6rem; border: 0; border-radius: 8px; font: inherit; font-weight: 600; cursor: pointer; background: ${colour['colour']}; color: ${colour['onColour']}; }
button:focus-visible { outline: 3px solid ${colour['accent']}; outline-offset: 2px; }
@media (max-width: 34rem) { main { margin: 1rem; } }
@media (prefers-color-scheme: dark) {
  body { background: ${colour['night']}; color: #d9ded9; } main { background: ${colour['nightCard']}; }
  h1 { color: #f1f3f0; } .mark { color: ${colour['nightColour']}; }
}`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
