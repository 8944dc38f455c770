import { readTable } from './dump.mjs';

const KINDS = { 1: 'question', 2: 'answer' };
const [ACCEPTED, UP, DOWN] = ['1', '2', '3'];
const PARTS = { 4: 'title', 5: 'text', 6: 'tags' };
const DAY_END = 'T23:59:59.999Z';

/** What a dump tells of people's doings, oldest first: activities as they are reported, `personId` being the id of the dump. */
export async function activitiesOf(folder) {
  const posts = await readPosts(folder);
  const all = [...(await votes(folder, posts)), ...(await edits(folder, posts)), ...(await comments(folder))];
  return all
    .filter(({ personId }) => isPerson(personId))
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
}

/** Deleted people have no id; -1 is the system itself. */
export const isPerson = (id) => id !== undefined && Number(id) > 0;

const instant = (text) => new Date(`${text}Z`).toISOString();
const later = (a, b) => (a > b ? a : b);

async function readPosts(folder) {
  const attributes = ['Id', 'PostTypeId', 'ParentId', 'OwnerUserId', 'CreationDate'];
  const rows = await readTable(folder, 'Posts', attributes);
  const posts = new Map(
    rows.map((row) => [
      row.Id,
      {
        id: row.Id,
        kind: KINDS[row.PostTypeId],
        parent: row.ParentId,
        owner: row.OwnerUserId,
        at: instant(row.CreationDate),
      },
    ]),
  );
  const first = new Map();
  for (const post of posts.values()) {
    if (post.kind !== 'answer') continue;
    const known = first.get(post.parent);
    if (!known || post.at < known.at) first.set(post.parent, post);
  }
  for (const post of posts.values()) {
    post.own = post.kind === 'answer' && posts.get(post.parent)?.owner === post.owner;
    post.first = first.get(post.parent) === post;
  }
  return posts;
}

/**
 * Votes are dated by the day alone. Within a day those up are taken to come first and those down last, which is the only order in which
 * every score that may have been reached is; and none comes before its post.
 */
async function votes(folder, posts) {
  const rows = await readTable(folder, 'Votes', ['PostId', 'VoteTypeId', 'CreationDate']);
  return rows.flatMap(({ PostId, VoteTypeId, CreationDate }) => {
    const post = posts.get(PostId);
    if (!post?.kind) return [];
    const at = later(instant(CreationDate), post.at);
    const evening = later(CreationDate.slice(0, 10) + DAY_END, post.at);
    if (VoteTypeId === UP) return [voted(post, 1, at)];
    if (VoteTypeId === DOWN) return [voted(post, -1, evening)];
    return VoteTypeId === ACCEPTED ? accepted(post, posts.get(post.parent), at) : [];
  });
}

const voted = ({ id, kind, owner, own }, value, occurredAt) => ({
  type: 'post.voted',
  personId: owner,
  objectId: id,
  occurredAt,
  data: { kind, value, own },
});

const accepted = ({ id, owner, first, own }, question, occurredAt) => [
  { type: 'answer.accepted', personId: owner, objectId: id, occurredAt, data: { first, own } },
  { type: 'acceptance.given', personId: question?.owner, objectId: id, occurredAt },
];

async function edits(folder, posts) {
  const attributes = ['PostHistoryTypeId', 'PostId', 'UserId', 'CreationDate'];
  const rows = await readTable(folder, 'PostHistory', attributes);
  return rows
    .filter(({ PostHistoryTypeId }) => Object.hasOwn(PARTS, PostHistoryTypeId))
    .map(({ PostHistoryTypeId, PostId, UserId, CreationDate }) => ({
      type: 'post.edited',
      personId: UserId,
      objectId: PostId,
      occurredAt: instant(CreationDate),
      data: { part: PARTS[PostHistoryTypeId], own: posts.get(PostId)?.owner === UserId },
    }));
}

async function comments(folder) {
  const rows = await readTable(folder, 'Comments', ['PostId', 'UserId', 'CreationDate']);
  return rows.map(({ PostId, UserId, CreationDate }) => ({
    type: 'comment.written',
    personId: UserId,
    objectId: PostId,
    occurredAt: instant(CreationDate),
  }));
}
