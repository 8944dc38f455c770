import type { Definition, StopWhen, Trigger } from '../definition.js';
import { stepDifferences } from './step-words.js';
import { changesOf, flatten, inWords } from './values.js';

/** What is otherwise in `after`, a sentence a line, in the order of the file; empty when both mean the same. */
export function differences(before: Definition, after: Definition): string[] {
  return [
    ...single('The name', before.name, after.name),
    ...single('The description', before.description, after.description),
    ...inputDifferences(before, after),
    ...listDifferences(before.on, after.on, triggerWords, {
      fresh: (words) => `It starts also on ${words}`,
      gone: (words) => `It starts no longer on ${words}`,
    }),
    ...listDifferences(before.stopWhen, after.stopWhen, stopWords, {
      fresh: (words) => `It ends also on ${words}`,
      gone: (words) => `It ends no longer on ${words}`,
    }),
    ...changesOf(before.calendar, after.calendar).map(
      ({ path, before: old, after: fresh }) =>
        `The calendar's ${path} is ${fresh ?? 'gone'} ${old === undefined ? 'now' : fresh === undefined ? `(it was ${old})` : `instead of ${old}`}`,
    ),
    ...single('The audience', before.audience, after.audience, 'everybody the trigger names'),
    ...single('What a second start does (again)', before.again, after.again),
    ...stepDifferences(before, after),
  ];
}

function single(what: string, before: string | null, after: string | null, none = 'none'): string[] {
  return before === after
    ? []
    : [`${what} is ${inWords(after ?? none)} instead of ${inWords(before ?? none)}`];
}

function inputDifferences(before: Definition, after: Definition): string[] {
  const fresh = Object.keys(after.inputs).flatMap((name) => {
    const spec = after.inputs[name]!;
    const old = before.inputs[name];
    const value = inWords(after.values[name]);
    if (!old) return [`Input ${name} is new (${spec.label}): ${value}`];
    const was = inWords(before.values[name]);
    const specs = changesOf(old, spec).filter(({ path }) => path !== 'default' || value === was);
    return [
      ...(value === was ? [] : [`Input ${name} is ${value} instead of ${was}`]),
      ...specs.map(
        (change) =>
          `Input ${name}: ${change.path} is ${change.after ?? 'gone'} instead of ${change.before ?? 'none'}`,
      ),
    ];
  });
  const gone = Object.keys(before.inputs).filter((name) => !(name in after.inputs));
  return [...fresh, ...gone.map((name) => `Input ${name} is gone; it was ${inWords(before.values[name])}`)];
}

function listDifferences<T>(
  before: readonly T[],
  after: readonly T[],
  words: (item: T) => string,
  tell: { fresh: (words: string) => string; gone: (words: string) => string },
): string[] {
  const [old, now] = [before.map(words), after.map(words)];
  return [
    ...now.filter((each) => !old.includes(each)).map(tell.fresh),
    ...old.filter((each) => !now.includes(each)).map(tell.gone),
  ];
}

function triggerWords({ kind, config }: Trigger): string {
  const settings = [...flatten(config)];
  const main = settings.find(([path]) => path === kind)?.[1];
  const rest = settings
    .filter(([path]) => path !== kind)
    .map(([path, value]) => (path === '' ? value : `${path} ${value}`));
  return [kind.replaceAll('_', ' '), main, rest.length > 0 ? `(${rest.join(', ')})` : undefined]
    .filter(Boolean)
    .join(' ');
}

const stopWords = ({ event, if: when, key }: StopWhen): string =>
  [event, key === null ? '' : `of the same ${key}`, when === null ? '' : `if ${when}`]
    .filter(Boolean)
    .join(' ');
