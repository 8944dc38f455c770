const A = String.raw`<?([^\s<>()"',;:]{1,100}@[^\s<>()"',;]{1,150})>?`;
const line = (before: string, after = ''): RegExp => new RegExp(`^${before}${A}${after}`, 'gimu');

/**
 * Where systems that write no RFC 3464 report put the failed address, most telling first; the address is the first group.
 * Whence: qmail-send.c and Exim's bounce text (`address:` at the head of a line), Sendmail 5 and 8 (`-----`, `550 <address>...`),
 * Exchange 5.5 and 2003, Domino, GroupWise, Novell, MailMarshal, InterScan, IMail, Courier, Yahoo, AOL, the Japanese carriers.
 */
export const LAYOUTS: readonly RegExp[] = [
  new RegExp(
    String.raw`did not reach the following recipient\(?s?\)?:\s{0,40}(?:[^\n@]{0,200}[=:])?${A}`,
    'gimu',
  ),
  new RegExp(
    String.raw`\b(?:following|these|this) (?:\w+ )?(?:recipient|address|person|user)[^\n:@]{0,60}:\s{0,60}(?:[^\n@]{0,80}[=:])?${A}`,
    'gimu',
  ),
  line(String.raw`[ \t]*`, String.raw`:?[ \t]*:[ \t]*$`),
  line(String.raw`[ \t]*(?:final-recipient|original-recipient):[ \t]*(?:rfc822;)?[ \t]*`),
  line(
    String.raw`[ \t]*(?:recipients?|failed recipients?|to|user|e-?mail address|address|rcpt|recipient address|intended recipient|destinat\w+|empf\S{1,3}nger|odbiorca|mailbox)[ \t]*[:=][ \t]*(?:rfc822;|smtp:)?[ \t]*["']?`,
  ),
  line(String.raw`[ \t]*(?:[-*•.\d)]{1,3}|>{1,3})[ \t]+`),
  line(String.raw`[ \t]*[45]\d\d[- ](?:[45]\.\d\.\d{1,3}[ ])?`),
  line(String.raw`[^\n]{0,80}(?:rcpt to|to):`),
  line(String.raw`[^\n]{0,120}\b(?:to|for|user|address|recipient|account|mailbox)[ \t]+["'(]?`),
  line(String.raw`[ \t]*`, String.raw`(?:[ \t]|$)`),
  line(String.raw`[ \t]*`, String.raw`[ \t]*(?:\.\.\.|:|-)`),
];
