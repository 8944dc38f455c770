/** What enrichment needs to know of a person. */
export interface Known {
  name: string;
  consentsRanking: boolean;
}

export interface Enriching {
  /** To whom the mail goes: sees the own name wherever it stands. Null: everybody reads it, so only who consents is named at all. */
  recipientId: string | null;
  lookup: (personId: string) => Known | undefined;
  /** Stands for who is not to be named. */
  colleague: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_DEPTH = 12;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value);

/** Every person an event's data speaks of: values of `personId` and `…PersonId`, at any depth. */
export function personIdsIn(data: unknown, depth = 0): string[] {
  if (typeof data !== 'object' || data === null || depth > MAX_DEPTH) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    isPersonKey(key) && isUuid(value) ? [value] : personIdsIn(value, depth + 1),
  );
}

/**
 * Puts names beside ids: `personId` gets `name` and `own`, `inviteePersonId` gets `inviteeName`.
 * A row (`personId`) of somebody who does not consent to rankings names a colleague, except to that person.
 */
export function enrich(data: unknown, options: Enriching, depth = 0): unknown {
  if (typeof data !== 'object' || data === null || depth > MAX_DEPTH) return data;
  if (Array.isArray(data)) return data.map((item) => enrich(item, options, depth + 1));
  const entries = Object.entries(data).flatMap(([key, value]) => [
    [key, enrich(value, options, depth + 1)],
    ...besides(key, value, options),
  ]);
  return Object.fromEntries(entries) as unknown;
}

const isPersonKey = (key: string): boolean => key === 'personId' || key.endsWith('PersonId');

function besides(
  key: string,
  value: unknown,
  { recipientId, lookup, colleague }: Enriching,
): [string, unknown][] {
  if (!isPersonKey(key) || !isUuid(value)) return [];
  const person = lookup(value);
  const own = value === recipientId;
  const isRow = key === 'personId';
  const named = person && (own || person.consentsRanking || (!isRow && recipientId !== null));
  const name = named ? person.name : colleague;
  if (!isRow) return [[`${key.slice(0, -'PersonId'.length)}Name`, name]];
  return [
    ['name', name],
    ['own', own],
  ];
}
