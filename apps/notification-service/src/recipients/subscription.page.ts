import type { ProgrammeSettings } from '#libs/contracts';
import { button, page } from '../pages/page.js';
import type { Language, PageWords } from '../templates/words.js';

/** What the page has to say. */
export type PageState = 'question' | 'done' | 'back' | 'invalid';

const buttons: Record<PageState, { word: keyof PageWords; path: string } | null> = {
  question: { word: 'confirm', path: '' },
  done: { word: 'undo', path: '/undo' },
  back: null,
  invalid: null,
};

/** The page behind the unsubscribe and the pause link of a mail; only its button's POST changes anything. */
export function subscriptionPage(
  state: PageState,
  words: PageWords,
  { locale }: Language,
  programme: ProgrammeSettings,
  token: string,
): string {
  const shown = buttons[state];
  const body = shown ? button(encodeURIComponent(token) + shown.path, words[shown.word]) : '';
  return page(
    { locale, title: words.title, heading: words[state], text: words[`${state}Text`], body },
    programme,
  );
}
