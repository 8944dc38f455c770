import { renderAsync } from '@resvg/resvg-js';
import type { ProgrammeSettings } from '#libs/contracts';
import type { Files } from '#libs/programme';
import type { Achievement } from './open-badge.js';

/** What a tier is struck in. */
const METALS: Record<string, string> = { bronze: '#b3743c', silver: '#9aa5ad', gold: '#e0a43a' };
const PNG_WIDTH = 512;

/** The picture of a badge: of its tier, of the badge, or a plain medal in the colours of the programme. Tiers colour `currentColor`. */
export function artworkOf(
  files: Files,
  { badge, tier }: Pick<Achievement, 'badge' | 'tier'>,
  { brand }: ProgrammeSettings,
): string {
  const own = (tier && files[`badges/${badge}.${tier}.svg`]) || files[`badges/${badge}.svg`];
  const svg = own ?? medal(brand.colour);
  const metal = tier ? METALS[tier] : own ? undefined : brand.accent;
  return metal === undefined ? svg : coloured(svg, metal);
}

const coloured = (svg: string, colour: string): string =>
  svg.replace(/<svg\b([^>]*)>/, (_all, attributes: string) => {
    const others = attributes.replace(/\scolor="[^"]*"/, '');
    return `<svg${others} color="${colour}">`;
  });

const medal = (colour: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256">
  <circle cx="128" cy="128" r="118" fill="currentColor"/>
  <circle cx="128" cy="128" r="96" fill="#ffffff"/>
  <circle cx="128" cy="128" r="90" fill="${colour}"/>
  <polygon points="128 76 143 107 177 112 153 136 158 170 128 154 98 170 103 136 79 112 113 107" fill="#ffffff"/>
</svg>
`;

const KEPT = 100;
const kept = new Map<string, Promise<Buffer>>();

/** A drawing as a PNG, 512 pixels wide; it has no text, so no fonts are looked for. Drawn off the main thread, once for each drawing. */
export function pngOf(svg: string): Promise<Buffer> {
  let png = kept.get(svg);
  if (!png) {
    if (kept.size >= KEPT) kept.clear();
    kept.set(svg, (png = drawn(svg)));
  }
  return png;
}

async function drawn(svg: string): Promise<Buffer> {
  const options = { fitTo: { mode: 'width', value: PNG_WIDTH }, font: { loadSystemFonts: false } } as const;
  return (await renderAsync(svg, options)).asPng();
}
