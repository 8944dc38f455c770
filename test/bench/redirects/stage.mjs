import { join } from 'node:path';
import { openService } from '../stage.mjs';

/** The content service with a journal of clicks. */
export async function openContent({ profile, env = {} } = {}) {
  let journal;
  const prepare = async (folder) => {
    journal = join(folder, 'clicks');
    return { CLICK_JOURNAL_DIR: journal, TRUST_PROXY: '127.0.0.1' };
  };
  const stage = await openService('content', { profile, env, prepare });
  return { ...stage, journal };
}

/** Shares made an hour ago; returns the ids of their links. */
export async function addShares(database, count) {
  const { rows } = await database.query(
    `WITH post AS (
       INSERT INTO posts (id, status, title, url, canonical_url, summary, category, language, languages, published_at, created_at, edited_at)
       VALUES (gen_random_uuid(), 'published', 'A', 'https://blog.example/1', 'https://blog.example/1', '', 'company', 'en', '{en}', now(), now(), now())
       RETURNING id
     )
     INSERT INTO shares (id, link_id, post_id, person_id, network, caption, target_url, shared_at)
     SELECT gen_random_uuid(), translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_'), post.id, gen_random_uuid(), 'linkedin', '',
       'https://blog.example/1?utm_source=linkedin&utm_medium=employee_advocacy&utm_campaign=laurel', now() - interval '1 hour'
     FROM post, generate_series(1, $1::int)
     RETURNING link_id AS id`,
    [count],
  );
  return rows.map(({ id }) => id);
}

/** Visitors with addresses of their own, each following one of the links. */
export function visitsOf(links) {
  const browser =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';
  const address = (number) => `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  let visitor = 0;
  return () => {
    const number = visitor++;
    return `GET /l/${links[number % links.length]} HTTP/1.1\r\nHost: laurel.example\r\nUser-Agent: ${browser}\r\nAccept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB,en;q=0.9\r\nX-Forwarded-For: ${address(number)}\r\n\r\n`;
  };
}
