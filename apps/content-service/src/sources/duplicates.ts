import { createHash } from 'node:crypto';
import type { FeedItem } from '#libs/feeds';

/** An article that a post can be made of. */
export type Article = FeedItem & { url: string };

/** The articles of a feed by what the feed knows them by, each once. A feed that gives one id to several addresses has none. */
export function entriesOf(articles: readonly Article[]): Map<string, Article> {
  const addresses = new Map<string, Set<string>>();
  for (const { id, url } of articles) addresses.set(id, (addresses.get(id) ?? new Set()).add(url));
  const entries = new Map<string, Article>();
  for (const article of articles) {
    const key = addresses.get(article.id)!.size > 1 ? `${article.id} ${article.url}` : article.id;
    const entry = createHash('sha256').update(key).digest('base64url');
    if (!entries.has(entry)) entries.set(entry, article);
  }
  return entries;
}
