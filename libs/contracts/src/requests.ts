import { z } from 'zod';

const ids = z.array(z.uuid()).max(1000);

/** What a service may know of a person in order to write to them or to target them. */
export const contactSchema = z.strictObject({
  personId: z.uuid(),
  name: z.string(),
  email: z.string(),
  locale: z.string(),
  zone: z.string(),
  team: z.string().nullable(),
  department: z.string().nullable(),
  location: z.string().nullable(),
  seniority: z.string(),
  active: z.boolean(),
  /** False: the name is not shown on boards. */
  consentsRanking: z.boolean(),
  /** False: no programme mail at all. */
  consentsMail: z.boolean(),
});
export type Contact = z.infer<typeof contactSchema>;

/** Questions one service asks another over request/reply: name → the shapes of question and answer. */
export const requests = {
  /** Contacts of the persons that exist; unknown ids are simply absent. */
  'people.contacts': {
    request: z.strictObject({ personIds: ids }),
    reply: z.strictObject({ contacts: z.array(contactSchema) }),
  },
  /** Signed first-login links. They are credentials, so they never travel in an event. */
  'invitations.links': {
    request: z.strictObject({ invitationIds: ids }),
    reply: z.strictObject({ links: z.array(z.strictObject({ invitationId: z.uuid(), url: z.url() })) }),
  },
  /** Signed links by which people make the shares they planned; those that are over are absent. */
  'shares.links': {
    request: z.strictObject({ plannedShareIds: ids }),
    reply: z.strictObject({
      links: z.array(z.strictObject({ plannedShareId: z.uuid(), url: z.url() })),
    }),
  },
  /** Who an API key belongs to, asked by its SHA-256 in hex; null when unknown or revoked. */
  'access.resolve': {
    request: z.strictObject({ keyHash: z.string().regex(/^[0-9a-f]{64}$/) }),
    reply: z.strictObject({
      key: z
        .strictObject({ keyId: z.uuid(), name: z.string(), role: z.enum(['admin', 'hr', 'partner']) })
        .nullable(),
    }),
  },
  /** The files of a programme version as JSON (texts by path), in parts that a message can carry: 0, 1, … until there is no more. */
  'programme.files': {
    request: z.strictObject({ version: z.int(), part: z.int().min(0).max(1_000) }),
    reply: z.strictObject({ text: z.string(), more: z.boolean() }),
  },
} as const;

export type RequestName = keyof typeof requests;
export type RequestOf<N extends RequestName> = z.infer<(typeof requests)[N]['request']>;
export type ReplyOf<N extends RequestName> = z.infer<(typeof requests)[N]['reply']>;
