import type Handlebars from 'handlebars';
import { periodFromKey } from '#libs/calendar';

/** Words that helpers need in the language at hand. */
export interface HelperWords {
  /** Patterns by plural category of Intl: `{ one: '#st', other: '#th' }`. */
  ordinals: Record<string, string>;
  badges: Record<string, { name: string; description: string; mark: string }>;
  /** A badge without words of its own. */
  otherBadge: { description: string; mark: string };
  currency: string;
}

type Helpers = Record<string, Handlebars.HelperDelegate>;

/** Every helper a template may call, beside `if`, `unless`, `each` and `with`. */
export const helpersFor = (locale: string, words: HelperWords): Helpers => ({
  ...numberHelpers(locale, words),
  ...comparisonHelpers(locale),
  ...languageHelpers(locale, words),
  ...badgeHelpers(words),
});

function numberHelpers(locale: string, { currency }: HelperWords): Helpers {
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return {
    number: (value: unknown) => plain.format(Number(value)),
    /** `{{money amount currency}}`; without a currency that of the programme. */
    money: (value: unknown, given: unknown) =>
      moneyFormat(locale, typeof given === 'string' ? given : currency).format(Number(value)),
    /** A period key in words: `2026-W03` → 12–18 January 2026, `2026-01` → January 2026. */
    period: (key: unknown) => periodInWords(String(key), locale),
    date: (instant: unknown) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
        new Date(String(instant)),
      ),
  };
}

const moneyFormat = (locale: string, currency: string): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 });

function periodInWords(key: string, locale: string): string {
  const period = periodFromKey(key, 'UTC');
  if (!period || period.kind === 'all_time') return key;
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  if (period.kind === 'month') return month.format(period.start);
  const days = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return days.formatRange(period.start, period.end - 1).replaceAll('\u2009', '');
}

function comparisonHelpers(locale: string): Helpers {
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  return {
    eq: (first: unknown, second: unknown) => first === second,
    atMost: (value: unknown, limit: unknown) => Number(value) <= Number(limit),
    /** The change against the time before: a percentage, or the plain difference when there was nothing before. */
    change: (now: unknown, before: unknown) =>
      (Number(before) === 0
        ? signed.format(Number(now))
        : percent.format(Number(now) / Number(before) - 1)
      ).replace('-', '\u2212'),
    /** `up`, `down` or `same`. */
    trend: (now: unknown, before: unknown) =>
      ['down', 'same', 'up'][Math.sign(Number(now) - Number(before)) + 1],
  };
}

function languageHelpers(locale: string, { ordinals }: HelperWords): Helpers {
  const number = new Intl.NumberFormat(locale);
  const counting = new Intl.PluralRules(locale);
  const ranking = new Intl.PluralRules(locale, { type: 'ordinal' });
  return {
    /** `{{plural clicks one="# visit" other="# visits"}}`: `#` becomes the number. */
    plural: (count: unknown, options: Handlebars.HelperOptions) =>
      pick(options.hash as Record<string, string>, counting.select(Number(count))).replace(
        '#',
        number.format(Number(count)),
      ),
    ordinal: (rank: unknown) =>
      pick(ordinals, ranking.select(Number(rank))).replace('#', number.format(Number(rank))),
  };
}

const pick = (forms: Record<string, string>, category: string): string =>
  forms[category] ?? forms['other'] ?? '#';

function badgeHelpers({ badges, otherBadge }: HelperWords): Helpers {
  const known = (id: unknown): HelperWords['badges'][string] | undefined =>
    Object.hasOwn(badges, String(id)) ? badges[String(id)] : undefined;
  return {
    badgeName: (id: unknown) => known(id)?.name ?? sentenceCase(String(id)),
    badgeDescription: (id: unknown) => (known(id) ?? otherBadge).description,
    badgeMark: (id: unknown) => (known(id) ?? otherBadge).mark,
  };
}

const sentenceCase = (id: string): string =>
  (id.charAt(0).toUpperCase() + id.slice(1)).replaceAll(/[-_]/g, ' ');
