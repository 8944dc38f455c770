import type { ProgrammeSettings } from '#libs/contracts';
import { paletteOf } from '../templates/palette.js';

/** What the page of preferences looks like beyond every page: choices that are as large as a thumb, in one row where there is room. */
export function preferencesStyle(brand: ProgrammeSettings['brand']): string {
  const colour = paletteOf(brand);
  return `
main { max-width: 38rem; margin-top: 6vh; }
h2 { margin: 2.2rem 0 .4rem; font: 400 1.3rem/1.3 Georgia, serif; }
fieldset { margin: 0; padding: .9rem 0; border: 0; border-top: 1px solid ${colour['line']}; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
legend { float: left; padding: 0; font-weight: 600; max-width: 16rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.options { display: flex; border: 1px solid ${colour['colour']}; border-radius: 8px; overflow: hidden; }
.options label { position: relative; cursor: pointer; border-left: 1px solid ${colour['colour']}; }
.options label:first-child { border-left: 0; }
.options input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.options span { display: block; padding: .55rem .9rem; font-size: .95rem; line-height: 1.4; }
.options input:checked + span { background: ${colour['colour']}; color: ${colour['onColour']}; font-weight: 600; }
.options input:focus-visible + span { outline: 3px solid ${colour['accent']}; outline-offset: -3px; }
.note { margin: .4rem 0; font-size: .95rem; color: #5e5e57; }
.saved { padding: .7rem 1rem; border-radius: 8px; font-weight: 600; background: ${colour['tint']}; }
button { min-height: 2.9rem; }
.plain { background: transparent; color: inherit; border: 1px solid ${colour['colour']}; }
@media (max-width: 34rem) { main { padding: 1.25rem 1.1rem 2rem; } .options { width: 100%; } .options span { padding: .55rem .4rem; font-size: .9rem; } .options label { flex: 1; text-align: center; } legend { max-width: none; width: 100%; } button { width: 100%; } }
@media (prefers-color-scheme: dark) {
  h2 { color: #f1f3f0; } .note { color: #a9b3ad; } fieldset { border-color: ${colour['nightLine']}; }
  .options, .options label, .plain { border-color: ${colour['nightColour']}; } .saved { background: ${colour['nightTint']}; }
}`;
}
