/** The settings of a word as flat `dotted.path → value`; what is not a block stands under the empty path. */
export function flatten(value: unknown, path = ''): Map<string, string> {
  const flat = new Map<string, string>();
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, part] of Object.entries(value))
      for (const [inner, text] of flatten(part, path === '' ? key : `${path}.${key}`)) flat.set(inner, text);
    return flat;
  }
  if (value !== undefined) flat.set(path, inWords(value));
  return flat;
}

/** A value as a sentence holds it. */
export const inWords = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
};

/** A change of one setting. */
export interface Change {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/** The settings that differ, in the order of the new ones, then those that are gone. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const [old, fresh] = [flatten(before), flatten(after)];
  const paths = [...fresh.keys(), ...[...old.keys()].filter((path) => !fresh.has(path))];
  return paths
    .map((path) => ({ path, before: old.get(path), after: fresh.get(path) }))
    .filter((change) => change.before !== change.after);
}
