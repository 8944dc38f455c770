import type { ProgrammeSettings } from '#libs/contracts';

type Rgb = [number, number, number];

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;
const hex = (parts: Rgb): string =>
  `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** `share` of the first colour over the second: 0.1 is a light tint. */
function mix(first: string, second: string, share: number): string {
  const [a, b] = [rgb(first), rgb(second)];
  return hex(a.map((part, index) => part * share + b[index]! * (1 - share)) as Rgb);
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = rgb(colour).map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** White or near-black, whichever reads better on the colour. */
const readableOn = (colour: string): string =>
  1.05 / (luminance(colour) + 0.05) >= 4.5 ? '#ffffff' : '#1d1d1b';

/** The colours a structure may name as `@{colour}`, derived from the three of the brand. */
export function paletteOf({
  colour,
  accent,
  background,
}: ProgrammeSettings['brand']): Record<string, string> {
  return {
    colour,
    accent,
    background,
    onColour: readableOn(colour),
    onAccent: readableOn(accent),
    tint: mix(colour, '#ffffff', 0.09),
    accentTint: mix(accent, '#ffffff', 0.16),
    accentDeep: mix(accent, '#000000', 0.72),
    line: mix(colour, '#ffffff', 0.16),
    night: '#141816',
    nightCard: '#1e2421',
    nightTint: mix(colour, '#1e2421', 0.38),
    nightLine: '#36403b',
    nightColour: mix(colour, '#ffffff', 0.5),
  };
}
