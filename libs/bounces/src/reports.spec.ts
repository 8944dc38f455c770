import { describe, expect, it } from '@jest/globals';
import { ADDRESS, read, report, shortly } from './samples.support.js';

type Row = [system: string, status: string, diagnostic: string, kind: string, told: string];

/** What servers of many makers say, in the order of why. */
const ROWS: Row[] = [
  [
    'Postfix',
    '5.1.1',
    'smtp; 550 5.1.1 <ada@people.example>: Recipient address rejected: User unknown in virtual mailbox table',
    'hard',
    '5.1.1',
  ],
  ['Postfix', '5.0.0', 'X-Postfix; unknown user: "ada"', 'hard', '5.1.1'],
  ['Sendmail', '5.1.1', 'SMTP; 550 5.1.1 <ada@people.example>... User unknown', 'hard', '5.1.1'],
  ['Exim', '5.0.0', 'smtp; 550 Unrouteable address', 'hard', '5.1.1'],
  [
    'Gmail',
    '5.1.1',
    'smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking',
    'hard',
    '5.1.1',
  ],
  [
    'Exchange Online',
    '5.1.10',
    'smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ada@people.example not found by SMTP address lookup',
    'hard',
    '5.1.10',
  ],
  [
    'Exchange Online at its edge',
    '5.4.1',
    'smtp;550 5.4.1 Recipient address rejected: Access denied. AS(201806281)',
    'hard',
    '5.4.1',
  ],
  ['Exchange', '5.1.1', 'smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found', 'hard', '5.1.1'],
  ['Outlook.com', '5.5.0', 'smtp;550 5.5.0 Requested action not taken: mailbox unavailable', 'hard', '5.1.1'],
  [
    'Yahoo',
    '5.0.0',
    'smtp; 554 delivery error: dd This user does not have a yahoo.com account (ada@people.example) [0]',
    'hard',
    '5.1.1',
  ],
  [
    'Amazon SES',
    '5.1.1',
    'smtp; 550 Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
    'hard',
    '5.1.1',
  ],
  [
    'Facebook',
    '5.1.1',
    'smtp; 550 5.1.1 RCP-P1 http://postmaster.facebook.com/response_codes Refused due to recipient preferences',
    'hard',
    '5.1.1',
  ],
  [
    'X.400',
    '5.1.1',
    'X-X400; Reason 1 (Unable-To-Transfer); Diagnostic 0 (Unrecognised-ORName)',
    'hard',
    '5.1.1',
  ],
  ['Polish server', '5.1.3', 'smtp; 501 5.1.3 Odbiorca <ada@people.example> nie istnieje', 'hard', '5.1.3'],
  ['a server of few words', '5.0.0', 'smtp; 550 ada@people.example', 'hard', '5.0.0'],
  ['a server of no words', '5.1.1', '', 'hard', '5.1.1'],
  [
    'Postfix of a domain that is none',
    '5.4.4',
    'X-Postfix; Host or domain name not found. Name service error for name=people.example type=A: Host not found',
    'hard',
    '5.4.4',
  ],
  [
    'Postfix of a null MX',
    '5.1.0',
    'X-Postfix; Domain people.example does not accept mail (nullMX)',
    'hard',
    '5.1.0',
  ],
  ['Sendmail of a domain that is none', '5.1.2', 'dns; 550 Host unknown', 'hard', '5.1.2'],
  [
    'Gmail of a disabled account',
    '5.2.1',
    'smtp; 550 5.2.1 The email account that you tried to reach is disabled.',
    'hard',
    '5.2.1',
  ],
  [
    'Yahoo of a closed account',
    '5.0.0',
    'smtp; 554 delivery error: dd Sorry your message cannot be delivered. This account has been disabled or discontinued [#102].',
    'hard',
    '5.2.1',
  ],
  ['iCloud', '5.1.6', 'smtp; 550 5.1.6 recipient no longer on server: ada@people.example', 'hard', '5.1.6'],
  [
    'Dovecot',
    '5.2.2',
    'smtp; 552 5.2.2 <ada@people.example> Quota exceeded (mailbox for user is full)',
    'soft',
    '5.2.2',
  ],
  [
    'an old server that calls it 5.1.1',
    '5.1.1',
    'smtp; 550 5.1.1 <ada@people.example>: user is over quota',
    'soft',
    '5.1.1',
  ],
  [
    'web.de',
    '5.0.0',
    'smtp; 550 Benutzer hat zuviele Mails auf dem Server. / User has too many messages on the server',
    'soft',
    '5.2.2',
  ],
  [
    'Gmail of a full mailbox',
    '5.2.2',
    "smtp; 552-5.2.2 The recipient's inbox is out of storage space and inactive.",
    'soft',
    '5.2.2',
  ],
  [
    'Exchange of a big mail',
    '5.2.3',
    'smtp;550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient',
    'soft',
    '5.2.3',
  ],
  [
    'Postfix of a big mail',
    '5.3.4',
    'X-Postfix; message size 18876259 exceeds size limit 10485760 of server mx.people.example',
    'soft',
    '5.3.4',
  ],
  [
    'Spamhaus',
    '5.7.1',
    'smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
    'soft',
    '5.7.1',
  ],
  [
    'a filter at the end of the mail',
    '5.0.0',
    'smtp; host mx said: 550 Rejected (in reply to end of DATA command)',
    'soft',
    '5.0.0',
  ],
  [
    'Exim of a sender it does not know',
    '5.0.0',
    'smtp; 550-Verification failed for <voices@northwind.example> 550-Unrouteable address 550 Sender verify failed',
    'soft',
    '5.7.1',
  ],
  [
    'Postfix of a sender it does not know',
    '5.1.8',
    'smtp; 550 5.1.8 <voices@northwind.example>: Sender address rejected: Domain not found',
    'soft',
    '5.1.8',
  ],
  ['a server that likes no newsletters', '5.7.1', 'smtp; 550 5.7.1 We want none of this', 'soft', '5.7.1'],
  [
    'GoDaddy',
    '5.2.0',
    'smtp; SMTP error after end of data: 550 5.2.0 From: Domain is invalid. Please provide a valid From:',
    'soft',
    '5.2.0',
  ],
  ['a relay', '5.7.1', 'smtp; 550 5.7.1 <ada@people.example>... Relaying denied', 'soft', '5.7.1'],
  [
    'MessageLabs',
    '5.0.0',
    'smtp; 553-you are trying to use me [server-9.example] as a relay, but I have not been configured to let you',
    'soft',
    '5.7.1',
  ],
  [
    'Gmail of DMARC',
    '5.7.26',
    'smtp; 550-5.7.26 Unauthenticated email is not accepted due to domain DMARC policy',
    'soft',
    '5.7.26',
  ],
  [
    'Exchange of a group',
    '5.7.133',
    'smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
    'soft',
    '5.7.133',
  ],
  [
    'Gmail of too much at once',
    '5.2.1',
    'smtp; 550-5.2.1 The user you are trying to contact is receiving mail too quickly.',
    'soft',
    '5.2.1',
  ],
  ['a loop', '5.4.6', 'X-Postfix; mail for people.example loops back to myself', 'soft', '5.4.6'],
  [
    'Sendmail after five days',
    '5.4.7',
    'SMTP; 451 4.7.1 Greylisting in action, please come back later',
    'soft',
    '5.4.7',
  ],
  [
    'Postfix after five days',
    '4.4.1',
    'X-Postfix; connect to mx.people.example[192.0.2.9]:25: Connection timed out',
    'soft',
    '4.4.1',
  ],
  [
    'a 4xx of an unknown user',
    '4.1.1',
    'smtp; 450 4.1.1 <ada@people.example>: Recipient address rejected: User unknown',
    'soft',
    '4.1.1',
  ],
  [
    'Exim whose retries ran out',
    '5.0.0',
    'smtp; 450 Requested mail action not taken: mailbox unavailable: retry timeout exceeded',
    'soft',
    '4.4.7',
  ],
  [
    'AOL of attachments',
    '5.0.0',
    'smtp; 550 they are not accepting mail with attachments or embedded images',
    'soft',
    '5.6.1',
  ],
];

describe('a report of a mail that failed', () => {
  it.each(ROWS)('of %s (%s %s) is read', (_system, status, diagnostic, kind, told) => {
    expect(shortly(read(report({ status, diagnostic })))).toBe(`${kind} ${ADDRESS} ${told}`);
  });

  it('gives the reason in one line', () => {
    const diagnostic = `smtp; 550 5.1.1\n   User ${'very '.repeat(80)}unknown`;
    const { reason } = read(report({ status: '5.1.1', diagnostic }));
    expect(reason).toMatch(/^550 5\.1\.1 User very very/);
    expect(reason).toHaveLength(200);
  });

  it('has a sentence of ours where it gives none', () => {
    expect(read(report({ status: '5.2.2' })).reason).toBe('The mailbox is full.');
  });

  it('believes its words for people only where its fields say nothing', () => {
    const words = 'Recipient reached disk quota.';
    expect(read(report({ status: '5.0.0', notice: words }))).toMatchObject({ kind: 'soft', status: '5.2.2' });
    expect(read(report({ status: '5.1.1', notice: words }))).toMatchObject({ kind: 'hard', status: '5.1.1' });
  });
});
