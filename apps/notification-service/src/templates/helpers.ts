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
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const money = moneyFormats(locale);
  const moments = momentFormats(locale);
  const inWords = periodsInWords(locale);
  return {
    number: (value: unknown) => plain.format(Number(value)),
    /** `{{money amount currency}}`; without a currency that of the programme. */
    money: (value: unknown, given: unknown) =>
      money(typeof given === 'string' ? given : currency).format(Number(value)),
    /** A period key in words: `2026-W03` → 12–18 January 2026, `2026-01` → January 2026. */
    period: (key: unknown) => inWords(String(key)),
    date: (instant: unknown) => dates.format(new Date(String(instant))),
    /** `{{dateTime instant recipient.zone}}`: the day and the time of day where its reader lives. */
    dateTime: (instant: unknown, zone: unknown) => moments(String(zone)).format(new Date(String(instant))),
  };
}

/** To make a format takes longer than to write a mail, so each is made once. */
function moneyFormats(locale: string): (currency: string) => Intl.NumberFormat {
  const formats = new Map<string, Intl.NumberFormat>();
  return (currency) => {
    const format =
      formats.get(currency) ??
      new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 });
    formats.set(currency, format);
    return format;
  };
}

function momentFormats(locale: string): (zone: string) => Intl.DateTimeFormat {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (timeZone) => {
    const format =
      formats.get(timeZone) ??
      new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone });
    formats.set(timeZone, format);
    return format;
  };
}

function periodsInWords(locale: string): (key: string) => string {
  const utc = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const month = new Intl.DateTimeFormat(locale, utc);
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', ...utc });
  return (key) => {
    const period = periodFromKey(key, 'UTC');
    if (!period || period.kind === 'all_time') return key;
    if (period.kind === 'month') return month.format(period.start);
    return days.formatRange(period.start, period.end - 1).replaceAll('\u2009', '');
  };
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
