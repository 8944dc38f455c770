import type { Field, Fields } from './markup.js';

/** The first field with text among these names, in the order of the names. */
export function textAt(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = fields.get(name)?.find(({ text }) => text.trim() !== '');
    if (found) return unwrapped(found);
  }
  return undefined;
}

/** Atom 0.3 allows text in Base64. */
function unwrapped({ attributes, text }: Field): string {
  if (attributes['mode'] !== 'base64') return text;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0)));
  } catch {
    // It only says it is Base64.
    return text;
  }
}

/** All fields of these names, in the order of the names. */
export const fieldsAt = (fields: Fields, ...names: readonly string[]): Field[] =>
  names.flatMap((name) => fields.get(name) ?? []);
