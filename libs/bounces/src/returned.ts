import { header, splitHead } from './headers.js';
import { embedded, textOf } from './part.js';
import type { Part } from './part.js';
import { noticeOf } from './notice.js';

const RETURNED_TYPES = /^(message\/(rfc822|global)|text\/rfc822)/;
const ID = /<([^\s<>]{3,250}@[^\s<>]{1,250})>/;
const ID_FIELD = /^[> \t]{0,8}message-id:\s{0,4}<([^\s<>]{3,250}@[^\s<>]{1,250})>/gim;

/** The Message-IDs of the mail that came back: of its attached head, else of what the text quotes. */
export function returnedIds(mail: Part, leaves: readonly Part[]): string[] {
  const attached = leaves.filter(({ type }) => RETURNED_TYPES.test(type)).map(headOf);
  const ids = attached.flatMap((headers) => ID.exec(header(headers, 'message-id'))?.[1] ?? []);
  const { text, returned } = noticeOf(leaves);
  const quoted = [...(returned || text).matchAll(ID_FIELD)].slice(0, 5).map(([, id]) => id!);
  const fields = ['in-reply-to', 'references', 'x-original-message-id'].flatMap(
    (name) => header(mail.headers, name).match(new RegExp(ID, 'g')) ?? [],
  );
  return [...new Set([...ids, ...quoted, ...fields.map((id) => id.slice(1, -1))])].slice(0, 20);
}

const headOf = (part: Part): ReturnType<typeof splitHead>['headers'] =>
  part.type.startsWith('text/') ? splitHead(textOf(part).trimStart()).headers : embedded(part).headers;
