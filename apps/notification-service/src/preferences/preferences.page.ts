import { escapeHtml } from '#libs/platform';
import type { ProgrammeSettings } from '#libs/contracts';
import { page } from '../pages/page.js';
import { digestChoices } from '../recipients/recipients.query.js';
import type { DigestChoice, Recipient, TopicChoice } from '../recipients/recipients.query.js';
import type { Language } from '../templates/words.js';
import { offered } from './preferences.form.js';
import { preferencesStyle } from './preferences.style.js';
import type { PreferencesWords } from './preferences.words.js';

/** What the page shows: the person's choices as they stand, and whether they were saved just now. */
export interface PreferencesParts {
  recipient: Recipient;
  /** What holds for the digest while the person has not chosen. */
  rhythm: DigestChoice;
  language: Pick<Language, 'locale' | 'formats' | 'pages'>;
  /** Beside mail, where people may have it. */
  channels: readonly { id: string; name: string }[];
  programme: ProgrammeSettings;
  now: Date;
  saved: boolean;
}

/** The page of somebody's mails: topics, digest, a break, and the way out; every button posts to the page's own address. */
export function preferencesPage(parts: PreferencesParts): string {
  const { language, programme, recipient, saved } = parts;
  const words = language.pages.preferences;
  const gone = recipient.unsubscribedAt !== null;
  const body = [
    saved ? `<p class="saved" role="status">${escapeHtml(words.saved)}</p>` : '',
    gone ? comeBack(words) : `${choices(parts)}${aBreak(parts)}${leaving(words)}`,
  ].join('\n');
  return page(
    {
      locale: language.locale,
      title: words.title,
      heading: words.heading,
      text: gone ? words.left : words.intro,
      body,
      style: preferencesStyle(programme.brand),
    },
    programme,
  );
}

/** What a link says that is cut off or forged. */
export const invalidPage = (
  { locale, pages: { preferences: words } }: Pick<Language, 'locale' | 'pages'>,
  programme: ProgrammeSettings,
): string => page({ locale, title: words.title, heading: words.invalid, text: words.invalidText }, programme);

function choices({ recipient, rhythm, language, channels }: PreferencesParts): string {
  const words = language.pages.preferences;
  const rows = offered.map(({ topic, choices: of }) => {
    const chosen = recipient.topics[topic] ?? 'now';
    const named: [TopicChoice, string][] = of.map((choice) => [choice, words[choice]]);
    // After "at once": it is the same by another way.
    named.splice(1, 0, ...channels.map(({ id, name }): [TopicChoice, string] => [`by:${id}`, name]));
    const options = named.map(([choice, label]) => radio(topic, choice, label, choice === chosen));
    return fieldset(words.topics[topic], options);
  });
  const digest = recipient.digest ?? rhythm;
  const named: Record<DigestChoice, string> = { daily: words.daily, weekly: words.weekly, off: words.none };
  const rhythms = digestChoices.map((choice) => radio('digest', choice, named[choice], choice === digest));
  return `<form method="post" action="">
<h2>${escapeHtml(words.topicsTitle)}</h2>
${rows.join('\n')}
<p class="note">${escapeHtml(words.tasksNote)}</p>
<h2>${escapeHtml(words.digestTitle)}</h2>
<p class="note">${escapeHtml(words.digestNote)}</p>
${fieldset(words.digestTitle, rhythms, 'hidden')}
${push('save', words.save)}
</form>`;
}

function aBreak({ recipient, language, now }: PreferencesParts): string {
  const words = language.pages.preferences;
  const until = recipient.pausedUntil;
  const paused = until !== null && until > now;
  const day = (date: Date): string =>
    new Intl.DateTimeFormat(language.formats, { dateStyle: 'long', timeZone: recipient.zone }).format(date);
  const body = paused
    ? `<p>${escapeHtml(words.pausedUntil)} <strong>${escapeHtml(day(until))}</strong></p>${push('resume', words.resume, 'plain')}`
    : `<p class="note">${escapeHtml(words.pauseNote)}</p>${push('pause30', words.pause30, 'plain')} ${push('pause90', words.pause90, 'plain')}`;
  return `<form method="post" action=""><h2>${escapeHtml(words.pauseTitle)}</h2>${body}</form>`;
}

const leaving = (words: PreferencesWords): string =>
  `<form method="post" action=""><h2>${escapeHtml(words.leaveTitle)}</h2><p class="note">${escapeHtml(words.leaveNote)}</p>${push('leave', words.leave, 'plain')}</form>`;

const comeBack = (words: PreferencesWords): string =>
  `<form method="post" action="">${push('return', words.comeBack)}</form>`;

const push = (action: string, label: string, kind = ''): string =>
  `<button name="do" value="${action}"${kind ? ` class="${kind}"` : ''}>${escapeHtml(label)}</button>`;

const fieldset = (legend: string, options: readonly string[], kind = ''): string =>
  `<fieldset><legend${kind ? ` class="${kind}"` : ''}>${escapeHtml(legend)}</legend><div class="options">${options.join('')}</div></fieldset>`;

const radio = (name: string, value: TopicChoice | DigestChoice, label: string, checked: boolean): string =>
  `<label><input type="radio" name="${name}" value="${value}"${checked ? ' checked' : ''}><span>${escapeHtml(label)}</span></label>`;
