import { Parser } from 'htmlparser2';
import type { Problem } from '#libs/workflow';
import { at } from './files.js';
import type { Files } from './files.js';

const FOLDER = 'badges/';
const MAX_LENGTH = 64 * 1024;

/** What a drawing may be made of: shapes and colours. Nothing that runs, loads, links, or shows another document. */
const elements = new Set(
  `svg g defs title desc symbol use path rect circle ellipse line polyline polygon linearGradient radialGradient stop clipPath mask`.split(
    ' ',
  ),
);

/** What is wrong with the pictures of badges, `badges/<badge>.svg`: a drawing is shown in pages and must be harmless. */
export function artworkProblems(files: Files): Problem[] {
  return Object.keys(files)
    .filter((path) => path.startsWith(FOLDER) && path.endsWith('.svg'))
    .flatMap((path) => {
      const mistakes = artworkMistakes(files[path]!);
      return mistakes
        .slice(0, 10)
        .map((message) => at(path, message, 'draw it with shapes and colours alone'));
    });
}

/** What is wrong with a drawing, in sentences. */
export function artworkMistakes(svg: string): string[] {
  if (svg.length > MAX_LENGTH) return [`the drawing is larger than ${MAX_LENGTH} characters`];
  const mistakes: string[] = [];
  let root: string | null = null;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        root ??= name;
        if (!elements.has(name)) mistakes.push(`<${name}> has no place in a drawing`);
        for (const [attribute, value] of Object.entries(attributes))
          if (!isHarmless(attribute, value))
            mistakes.push(`${attribute} of <${name}> has no place in a drawing`);
        if (root === name && name === 'svg' && mistakes.length === 0 && !hasBox(attributes))
          mistakes.push('the <svg> needs xmlns="http://www.w3.org/2000/svg" and a square viewBox from 0 0');
      },
      onprocessinginstruction: (name) =>
        void mistakes.push(`<${name.slice(0, 20)}> has no place in a drawing`),
      oncdatastart: () => void mistakes.push('CDATA has no place in a drawing'),
    },
    { xmlMode: true },
  );
  parser.end(svg);
  if (root !== 'svg' || !/^\s*<svg\s/.test(svg) || !/<\/svg>\s*$/.test(svg))
    mistakes.push('this is no <svg>');
  return mistakes;
}

// Only a place in the same drawing may be pointed at. A backslash or a comment could hide an address from us but not from a style.
function isHarmless(attribute: string, value: string): boolean {
  if (attribute === 'xmlns') return value === 'http://www.w3.org/2000/svg';
  if (attribute === 'href') return /^#[\w-]+$/.test(value);
  if (/^on|:/i.test(attribute) || attribute === 'style' || attribute === 'src') return false;
  if (/[\\@]|\/\*|javascript:|data:/i.test(value)) return false;
  return value.replaceAll(/url\(#[\w-]+\)/g, '').search(/url\s*\(|image-set|src\s*\(/i) < 0;
}

function hasBox({ xmlns, viewBox = '' }: Record<string, string>): boolean {
  const box = /^0 0 (\d{1,4}) (\d{1,4})$/.exec(viewBox);
  return xmlns !== undefined && box !== null && box[1] === box[2];
}
