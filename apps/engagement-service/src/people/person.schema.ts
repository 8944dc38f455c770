import { z } from 'zod';
import { isZone } from '#libs/calendar';

const text = z.string('must be a text, and not empty').trim().min(1, 'must not be empty').max(200);
const optionalText = text.nullish();
// A line break in a name or address could start a header of its own in a mail.
const oneLine = text.refine(
  (value) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value),
  'must not hold control characters',
);

/** A person as HR or the directory tells of one; `email` is the identity of an import, `lead` the e-mail of who leads them. */
export const personSchema = z.strictObject({
  email: z
    .email('is not an address such as ann@company.com')
    .max(254)
    .transform((value) => value.toLowerCase()),
  name: oneLine,
  externalId: optionalText,
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language tag such as it or pt-BR')
    .optional(),
  zone: z
    .string('is needed: an IANA time zone such as Europe/Rome')
    .refine(isZone, 'is not an IANA time zone such as Europe/Rome'),
  team: optionalText,
  department: optionalText,
  location: optionalText,
  seniority: text.optional(),
  lead: z
    .email('is not the address of a colleague such as lea@company.com')
    .transform((value) => value.toLowerCase())
    .nullish(),
  joinedOn: z.iso.date().nullish(),
});
export type PersonInput = z.infer<typeof personSchema>;

/** What may be changed of a person. */
export const personPatchSchema = z
  .strictObject({
    name: oneLine,
    locale: personSchema.shape.locale.unwrap(),
    zone: personSchema.shape.zone,
    team: optionalText,
    department: optionalText,
    location: optionalText,
    seniority: text,
    leadId: z.uuid().nullable(),
    active: z.boolean(),
    consentsRanking: z.boolean(),
    consentsMail: z.boolean(),
  })
  .partial();
export type PersonPatch = z.infer<typeof personPatchSchema>;
