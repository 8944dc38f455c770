/** What an enhanced status code (RFC 3463, and the registry of IANA) says about an address. */
const HARD = new Set(['1.0', '1.1', '1.2', '1.3', '1.4', '1.6', '1.10', '2.1', '4.4', '0.0', '2.0', '5.0']);

/** Codes that say nothing of their own: the text beside them decides. */
const VAGUE = /^[45]\.(0\.0|[1-7]\.0|4\.1|7\.1|5\.\d+)$/;

const CODE = /(?:^|[^\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.]*\d)/;
const REPLY = /(?:^|[^\d.])([45]\d\d)(?=[ \-:;,)\]]|$)/;

/** The enhanced status code in a text: of several the first that tells something. */
export function statusIn(text: string): string | null {
  const all = [...text.slice(0, 3_000).matchAll(new RegExp(CODE, 'g'))].map(([, code]) => code!);
  return all.find((code) => !isVague(code)) ?? all[0] ?? null;
}

/** The SMTP reply code in a text, as a number. */
export const replyIn = (text: string): number | null => {
  const code = REPLY.exec(text.slice(0, 3_000))?.[1];
  return code === undefined ? null : Number(code);
};

export const isVague = (status: string): boolean => VAGUE.test(status);

/** `5` of `5.1.1`. */
export const classOf = (status: string | null): string => status?.[0] ?? '';

/** What the code alone says of an address that failed for good. */
export const kindOfStatus = (status: string): 'hard' | 'soft' =>
  classOf(status) === '5' && HARD.has(status.slice(2)) ? 'hard' : 'soft';
