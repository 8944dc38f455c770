import { escapeHtml } from '#libs/platform';
import type { ProgrammeSettings } from '#libs/contracts';
import { button, page } from '../pages/page.js';
import type { Language } from '../templates/words.js';
import type { AnswerLink, Reading } from './answers.service.js';

/** What the page needs beside the reading of the link. */
export interface AnswerPageParts {
  language: Language;
  programme: ProgrammeSettings;
  /** What an answer is called in the reader's language. */
  label: (value: string) => string;
  /** Links to the other answers. */
  links: AnswerLink[];
}

/** The page behind an answer link: asks for confirmation, thanks, or says kindly why it does not count. */
export function answerPage(reading: Reading, parts: AnswerPageParts): string {
  const words = parts.language.pages.answer;
  const state =
    reading.question?.answer != null ? 'done' : reading.state === 'open' ? 'question' : reading.state;
  return page(
    {
      locale: parts.language.locale,
      title: words.title,
      heading: words[state],
      text: words[`${state}Text`],
      body: bodyOf(reading, parts),
    },
    parts.programme,
  );
}

function bodyOf(reading: Reading, { language, label, links }: AnswerPageParts): string {
  const given = reading.question?.answer;
  if (given != null) return given === '' ? '' : chosen(label(given));
  if (reading.state !== 'open') return '';
  const words = language.pages.answer;
  // An empty action posts to the page's own address, whatever a proxy has put before it.
  return `${chosen(label(reading.answer))}${button('', words.confirm)}${others(words.others, links, label)}`;
}

const chosen = (label: string): string => `<p class="chosen">${escapeHtml(label)}</p>`;

function others(heading: string, links: readonly AnswerLink[], label: (value: string) => string): string {
  if (links.length === 0) return '';
  // Only the last part: relative, like every link of these pages.
  const list = links.map(
    ({ value, url }) =>
      `<a href="${escapeHtml(url.slice(url.lastIndexOf('/') + 1))}">${escapeHtml(label(value))}</a>`,
  );
  return `<p class="others">${escapeHtml(heading)}<br>${list.join('\n')}</p>`;
}
