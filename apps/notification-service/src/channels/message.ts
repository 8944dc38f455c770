/** A message in words, before a channel gives it its shape. Everything is plain text. */
export interface Message {
  /** The delivery; the same for every attempt. */
  id: string;
  template: string;
  locale: string;
  title: string;
  paragraphs: string[];
  /** What it is about, at an https address. */
  button: Link | null;
  /** From whom it comes. */
  programme: string;
  /** Whom a personal one is for, and where to choose what comes. */
  to: { personId: string; name: string; email: string; preferences: Link } | null;
  at: Date;
}

export interface Link {
  label: string;
  url: string;
}

/** At most so many characters (UTF-16), with … for what is left out; never half of a pair. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
