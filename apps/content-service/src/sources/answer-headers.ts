type Headers = Readonly<Record<string, string | string[] | undefined>>;

const headerOf = (headers: Headers, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' && value.length <= 500 ? value : null;
};

/** What makes the next question conditional. */
export const validatorsOf = (headers: Headers): { etag: string | null; lastModified: string | null } => ({
  etag: headerOf(headers, 'etag'),
  lastModified: headerOf(headers, 'last-modified'),
});

/** The charset of the content type. */
export const charsetOf = (headers: Headers): string | undefined =>
  /charset\s*=\s*"?([\w.:-]+)/i.exec(headerOf(headers, 'content-type') ?? '')?.[1];

/** Minutes for which the answer stays fresh, by `Cache-Control: max-age` or `Expires`; null when nothing is said. */
export function freshMinutes(headers: Headers): number | null {
  const age = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/i.exec(headerOf(headers, 'cache-control') ?? '')?.[1];
  if (age !== undefined) return Math.ceil(Number(age) / 60);
  const [expires, date] = ['expires', 'date'].map((name) => Date.parse(headerOf(headers, name) ?? ''));
  const minutes = Math.ceil((expires! - date!) / 60_000);
  return minutes > 0 ? minutes : null;
}
