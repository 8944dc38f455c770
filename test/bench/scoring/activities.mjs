import { createHash, randomUUID } from 'node:crypto';

const NETWORKS = ['linkedin', 'linkedin', 'linkedin', 'x', 'facebook', 'mastodon'];
const COUNTRIES = ['IT', 'IT', 'PL', 'PL', 'GB', 'DE', 'MY'];
const POSTS = Array.from({ length: 400 }, () => randomUUID());
const SPREAD_MS = 28 * 86_400_000;

/** A number from 0 to 1 that looks random and is the same for the same place. */
function mixed(place) {
  let x = Math.imul(place ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

const one = (list, share) => list[Math.floor(share * list.length)];
/** A fifth of the people do four fifths of everything. */
const personOf = (people, a, b) => people[Math.floor((a < 0.8 ? b * 0.2 : 0.2 + b * 0.8) * people.length)];

/** Share of all, type, and what the activity says; more than half are visits, as clicks are in life. */
const kinds = [
  [
    0.5,
    'post.visited',
    (r) => ({
      postId: one(POSTS, r(2) * 0.2),
      credible: r(3) < 0.7,
      country: one(COUNTRIES, r(4)),
      hour: Math.floor(r(5) * 24),
    }),
  ],
  [0.25, 'post.shared', (r) => ({ postId: one(POSTS, r(2)), network: one(NETWORKS, r(3)), own: r(4) < 0.3 })],
  [
    0.08,
    'post.measured',
    (r) => ({
      impressions: Math.floor(20_000 * r(2) ** 4),
      reactions: Math.floor(120 * r(3) ** 3),
      leads: r(4) < 0.02 ? 1 : 0,
    }),
  ],
  [
    0.06,
    'thanks.given',
    (r, people) => ({
      toPersonId: personOf(people, r(2), r(3)),
      text: 'x'.repeat(10 + Math.floor(60 * r(4))),
    }),
  ],
  [0.04, 'pulse.answered', (r) => ({ score: Math.floor(r(2) * 11) })],
  [0.03, 'meetup.visited', (r) => ({ role: r(2) < 0.1 ? 'speaker' : r(2) < 0.2 ? 'host' : 'guest' })],
  [
    0.02,
    'training.attended',
    (r) => ({ course: one(['policy', 'photo', 'writing'], r(2)), hours: 1 + Math.floor(r(3) * 8) }),
  ],
  [0.02, 'idea.given', (r) => ({ adopted: r(2) < 0.1 })],
];

function kindOf(share) {
  let sum = 0;
  return kinds.find(([part]) => (sum += part) > share) ?? kinds[0];
}

/** The activity at a place of a feed of so many, in the order of a month that ends now. */
export function activityAt(place, count, people, now) {
  const r = (salt) => mixed(place * 8 + salt);
  const [, type, dataOf] = kindOf(r(0));
  const occurredAt = new Date(now - SPREAD_MS * (1 - place / count)).toISOString();
  const personId = personOf(people, r(6), r(7));
  return { id: idOf(place), type, personId, objectId: randomUUID(), occurredAt, data: dataOf(r, people) };
}

/** A UUID, as partners send them: spread evenly. */
const idOf = (place) =>
  createHash('md5')
    .update(`${place}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
