const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is safe to put on the page: made by `markup` only. */
export class Markup {
  constructor(readonly source: string) {}
}

type Piece = string | number | Markup | readonly Markup[];

function render(piece: Piece): string {
  if (piece instanceof Markup) return piece.source;
  if (typeof piece === 'object') return piece.map(({ source }) => source).join('');
  return String(piece).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** A template whose values are escaped unless they are markup themselves. */
export function markup(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(strings.reduce((page, part, index) => page + render(pieces[index - 1] ?? '') + part));
}
