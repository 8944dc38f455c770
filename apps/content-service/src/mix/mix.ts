import { categories } from '#libs/contracts';
import type { ContentSettings } from '#libs/contracts';

/** How often something of a category came out. */
export interface Count {
  category: string;
  callToAction: boolean;
  posts: number;
}

/** Beside the goal: shares and goals in per cent, the difference in points; null where there is none. */
interface Share {
  posts: number;
  share: number | null;
  goal: number | null;
  difference: number | null;
}

/** What came out beside what the programme wants. */
export interface Mix {
  posts: number;
  categories: (Share & { category: string })[];
  callsToAction: Share;
}

/** The mix of what was counted. */
export function mixOf(
  counts: readonly Count[],
  goals: Pick<ContentSettings, 'mix' | 'calls_to_action'>,
): Mix {
  const sum = (of: (count: Count) => boolean): number =>
    counts.filter(of).reduce((total, { posts }) => total + posts, 0);
  const posts = sum(() => true);
  return {
    posts,
    categories: categories.map((category) => ({
      category,
      ...share(
        sum((count) => count.category === category),
        posts,
        goals.mix && (goals.mix[category] ?? 0),
      ),
    })),
    callsToAction: share(
      sum(({ callToAction }) => callToAction),
      posts,
      goals.calls_to_action,
    ),
  };
}

function share(posts: number, all: number, goal: number | undefined): Share {
  const part = all === 0 ? null : tenths((100 * posts) / all);
  return {
    posts,
    share: part,
    goal: goal ?? null,
    difference: part === null || goal === undefined ? null : tenths(part - goal),
  };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
