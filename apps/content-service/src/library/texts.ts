import type { FieldError } from '#libs/platform';
import { tooLong } from './network-limits.js';
import type { ReadyText } from './post.entity.js';

/** What stands beside a text on every network. */
interface Beside {
  hashtags: readonly string[];
  /** Null: that of the programme. */
  disclosure: string | null;
  texts: readonly ReadyText[];
}

/** What is added to shared texts in a language: the post's own, or the programme's. */
export const disclosureIn = (
  { disclosure }: Pick<Beside, 'disclosure'>,
  language: string,
  ofProgramme: Readonly<Record<string, string>> | undefined,
): string => disclosure ?? ofProgramme?.[language] ?? '';

/** A text as it goes out: with hashtags and disclosure, without the link. */
export const composed = (text: string, hashtags: readonly string[], disclosure: string): string =>
  [text, hashtags.map((tag) => `#${tag}`).join(' '), disclosure].filter(Boolean).join(' ');

/** One error for every ready text that does not fit its network together with a link like `link`. */
export function textMistakes(
  post: Beside,
  ofProgramme: Readonly<Record<string, string>> | undefined,
  link: string,
): FieldError[] {
  return post.texts.flatMap(({ network, language, text }, index) => {
    const full = composed(text, post.hashtags, disclosureIn(post, language, ofProgramme));
    const mistake = tooLong(network, `${full} ${link}`);
    if (mistake === null) return [];
    return [{ path: `texts.${index}.text`, message: `with link, hashtags and disclosure ${mistake}` }];
  });
}
