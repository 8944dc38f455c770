import type { Post } from '../library/post.entity.js';
import { criteria } from './targeted.query.js';
import type { Target } from './target.schema.js';

/** Why, or why not, in words. */
export interface Reason {
  criterion: string;
  holds: boolean;
  words: string;
}

/** What the post asks of each criterion, and the column of the person beside it. */
const ASKED: Record<Exclude<keyof Target, 'audience'>, { one: string; column: string }> = {
  teams: { one: 'team', column: 'team' },
  departments: { one: 'department', column: 'department' },
  locations: { one: 'location', column: 'location' },
  seniorities: { one: 'seniority', column: 'seniority' },
  languages: { one: 'language', column: 'language' },
  interests: { one: 'followed topic', column: 'interests' },
};

/** Everything that decides whether a person sees a post; `person` is the row of people with `holds <criterion>` beside its columns. */
export function wordsOf(post: Post, person: Readonly<Record<string, unknown>>, fallback: string): Reason[] {
  const asked = criteria.filter((name) => post.target?.[name] !== undefined);
  return [
    state(post),
    activity(person['active'] === true),
    language(post, String(person['language']), fallback),
    ...asked.map((name) => ({
      criterion: name,
      holds: person[`holds ${name}`] === true,
      words: sentence(name, post.target!, person),
    })),
  ];
}

const state = ({ status }: Post): Reason => ({
  criterion: 'status',
  holds: status === 'published',
  words: status === 'published' ? 'The post is published.' : `The post is ${status}, not published.`,
});

const activity = (active: boolean): Reason => ({
  criterion: 'active',
  holds: active,
  words: active ? 'The person takes part.' : 'The person does not take part any more.',
});

function language({ languages }: Post, own: string, fallback: string): Reason {
  const there = `The post is in ${languages.join(', ')}`;
  if (languages.includes(own))
    return { criterion: 'language', holds: true, words: `${there}; the person reads ${own}.` };
  const holds = languages.includes(fallback);
  const words = `${there}; the person reads ${own}, and ${fallback} ${holds ? 'is shown to everybody' : 'where there is nothing else'}.`;
  return { criterion: 'language', holds, words };
}

function sentence(name: keyof Target, target: Target, person: Readonly<Record<string, unknown>>): string {
  if (name === 'audience') return `The condition is: ${target.audience}`;
  const { one, column } = ASKED[name];
  const value = person[column];
  const own = Array.isArray(value) ? value.join(', ') : (value as string | null);
  return `The ${one} is to be one of ${target[name]!.join(', ')}; the person's is ${own || 'unknown'}.`;
}
