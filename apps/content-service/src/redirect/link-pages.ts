type Words = Readonly<Record<'language' | 'title' | 'text', string>>;

const page = ({ language, title, text }: Words): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 17px/1.6 system-ui, sans-serif; max-width: 28rem; margin: 18vh auto; padding: 0 1.5rem; }
</style>
</head>
<body>
<h1>${title}</h1>
<p>${text}</p>
</body>
</html>
`;

const unknown: readonly Words[] = [
  {
    language: 'en',
    title: 'This link leads nowhere',
    text: 'It may have been cut off on the way. The person who shared it will know more.',
  },
  {
    language: 'it',
    title: 'Questo link non porta da nessuna parte',
    text: 'Forse è stato troncato lungo la strada. Chi lo ha condiviso ne saprà di più.',
  },
  {
    language: 'pl',
    title: 'Ten link donikąd nie prowadzi',
    text: 'Być może został po drodze ucięty. Osoba, która go udostępniła, będzie wiedzieć więcej.',
  },
  {
    language: 'ms',
    title: 'Pautan ini tidak menuju ke mana-mana',
    text: 'Mungkin ia terpotong dalam perjalanan. Orang yang berkongsi pautan ini lebih mengetahui.',
  },
];
const ended: readonly Words[] = [
  {
    language: 'en',
    title: 'This link has been taken down',
    text: 'What it pointed to is no longer shared. The person who shared it will know more.',
  },
  {
    language: 'it',
    title: 'Questo link è stato rimosso',
    text: 'Ciò a cui portava non è più condiviso. Chi lo ha condiviso ne saprà di più.',
  },
  {
    language: 'pl',
    title: 'Ten link został wycofany',
    text: 'To, do czego prowadził, nie jest już udostępniane. Osoba, która go udostępniła, będzie wiedzieć więcej.',
  },
  {
    language: 'ms',
    title: 'Pautan ini telah ditarik balik',
    text: 'Kandungannya tidak lagi dikongsi. Orang yang berkongsi pautan ini lebih mengetahui.',
  },
];
const later: readonly Words[] = [
  {
    language: 'en',
    title: 'Please try again in a moment',
    text: 'We cannot look up this link right now.',
  },
  {
    language: 'it',
    title: 'Riprova tra un momento',
    text: 'In questo momento non riusciamo a trovare questo link.',
  },
  {
    language: 'pl',
    title: 'Spróbuj ponownie za chwilę',
    text: 'W tej chwili nie możemy odnaleźć tego linku.',
  },
  {
    language: 'ms',
    title: 'Sila cuba sebentar lagi',
    text: 'Kami tidak dapat mencari pautan ini sekarang.',
  },
];

const pagesOf = (words: readonly Words[]): ReadonlyMap<string, string> =>
  new Map(words.map((some) => [some.language, page(some)]));

/** What a visitor sees whose link is not known, was taken down, or cannot be looked up now; by language. */
export const linkPages = {
  unknown: { status: 404, texts: pagesOf(unknown) },
  ended: { status: 410, texts: pagesOf(ended) },
  later: { status: 503, texts: pagesOf(later) },
} as const;

/** The first of a visitor's languages that there are pages in, by their weights; English otherwise. */
export function languageOf(accepted: string | undefined): string {
  const wanted = (accepted ?? '').split(',', 20).map((part) => {
    const [tag, weight] = part
      .trim()
      .toLowerCase()
      .split(/;\s*q=/);
    return { language: tag!.split('-')[0]!, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const found = wanted
    .toSorted((a, b) => b.weight - a.weight)
    .find(({ language, weight }) => weight > 0 && linkPages.unknown.texts.has(language));
  return found?.language ?? 'en';
}
