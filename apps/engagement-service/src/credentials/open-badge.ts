import { createHash } from 'node:crypto';

/** Who issues: the company, by the public address of the engagement service. */
export interface Issuer {
  base: string;
  company: string;
}

/** What was achieved, as it stood in the programme when the credential was issued. */
export interface Achievement {
  badge: string;
  tier: string | null;
  name: string;
  description: string;
}

/** All that a credential says. */
export interface CredentialFacts {
  id: string;
  achievement: Achievement;
  earnedAt: Date;
  validUntil: Date | null;
  /** A random name for the person, so that one credential cannot be laid beside another. */
  subject: string;
  email: string;
  salt: string;
  statusIndex: number;
}

const CONTEXT = [
  'https://www.w3.org/ns/credentials/v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
];
/** The shortest list the standard allows: in a shorter one a single bit would say too much. */
export const STATUS_BITS = 131_072;

export const addressOf = {
  issuer: (base: string): string => `${base}/engagement/credentials/issuer`,
  key: (base: string, kid: string): string => `${base}/engagement/credentials/keys/${kid}`,
  credential: (base: string, id: string): string => `${base}/engagement/credentials/${id}`,
  status: (base: string, list: number): string => `${base}/engagement/credentials/status/${list}`,
  achievement: (base: string, { badge, tier }: Pick<Achievement, 'badge' | 'tier'>): string =>
    `${base}/engagement/badges/${badge}/achievement${tier ? `?tier=${tier}` : ''}`,
  artwork: (base: string, { badge, tier }: Pick<Achievement, 'badge' | 'tier'>): string =>
    `${base}/engagement/badges/${badge}/artwork.svg${tier ? `?tier=${tier}` : ''}`,
};

/** The issuer's Profile of Open Badges 3.0. */
export const profileOf = ({ base, company }: Issuer): object => ({
  id: addressOf.issuer(base),
  type: ['Profile'],
  name: company,
  url: base,
});

/** An Achievement of Open Badges 3.0. */
export const achievementOf = (base: string, achievement: Achievement): object => ({
  id: addressOf.achievement(base, achievement),
  type: ['Achievement'],
  achievementType: 'Badge',
  name: achievement.tier ? `${achievement.name} (${achievement.tier})` : achievement.name,
  description: achievement.description,
  criteria: { narrative: achievement.description },
  image: { id: addressOf.artwork(base, achievement), type: 'Image' },
});

/** Who has it: the e-mail as a salted hash, which says nothing to anyone who does not know the address. */
const identityOf = ({ email, salt }: CredentialFacts): object => ({
  type: 'IdentityObject',
  identityType: 'emailAddress',
  hashed: true,
  salt,
  identityHash: `sha256$${createHash('sha256').update(`${email}${salt}`).digest('hex')}`,
});

/** An OpenBadgeCredential of Open Badges 3.0 (VC Data Model 2.0). */
export const credentialOf = (issuer: Issuer, facts: CredentialFacts): Record<string, unknown> => ({
  '@context': CONTEXT,
  id: addressOf.credential(issuer.base, facts.id),
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: facts.achievement.name,
  issuer: profileOf(issuer),
  validFrom: facts.earnedAt.toISOString(),
  awardedDate: facts.earnedAt.toISOString(),
  ...(facts.validUntil && { validUntil: facts.validUntil.toISOString() }),
  credentialSubject: {
    id: `urn:uuid:${facts.subject}`,
    type: ['AchievementSubject'],
    identifier: [identityOf(facts)],
    achievement: achievementOf(issuer.base, facts.achievement),
  },
  credentialStatus: statusEntry(issuer.base, facts.statusIndex),
});

function statusEntry(base: string, index: number): object {
  const list = addressOf.status(base, Math.floor(index / STATUS_BITS));
  const statusListIndex = String(index % STATUS_BITS);
  return {
    id: `${list}#${statusListIndex}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex,
    statusListCredential: list,
  };
}

/** A Bitstring Status List as a credential of its own; `encodedList` is the multibase of the packed bits. */
export const statusListOf = (issuer: Issuer, list: number, encodedList: string, at: Date): object => ({
  '@context': CONTEXT.slice(0, 1),
  id: addressOf.status(issuer.base, list),
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: addressOf.issuer(issuer.base),
  validFrom: at.toISOString(),
  credentialSubject: {
    id: `${addressOf.status(issuer.base, list)}#list`,
    type: 'BitstringStatusList',
    statusPurpose: 'revocation',
    encodedList,
  },
});

const seconds = (iso: unknown): number => Math.floor(Date.parse(iso as string) / 1000);

/** The claims of the VC-JWT proof beside the credential itself, by section 8.2 of Open Badges 3.0. */
export function claimsOf(issuer: Issuer, credential: Record<string, unknown>): Record<string, unknown> {
  const { id, validFrom, validUntil } = credential;
  const { id: subject } = credential['credentialSubject'] as { id: string };
  return {
    ...credential,
    iss: addressOf.issuer(issuer.base),
    jti: id,
    sub: subject,
    nbf: seconds(validFrom),
    ...(validUntil === undefined ? {} : { exp: seconds(validUntil) }),
  };
}
