import { describe, expect, it } from '@jest/globals';
import { notice, read, shortly } from './samples.support.js';

const RETURNED = `Received: from mail.northwind.example\nMessage-ID: <id-1@northwind.example>\nTo: ada@people.example\n\n550 no such user`;

type Row = [system: string, head: string, body: string, expected: string];

/** Systems that write for people only. */
const ROWS: Row[] = [
  [
    'qmail',
    'Subject: failure notice',
    `Hi. This is the qmail-send program at mx.people.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<ada@people.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n${RETURNED}`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'qmail after a week',
    'Subject: failure notice',
    `Hi. This is the qmail-send program at mx.people.example.\n\n<ada@people.example>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n`,
    'soft ada@people.example 4.4.1',
  ],
  [
    'Exim',
    'Subject: Mail delivery failed: returning message to sender\nX-Failed-Recipients: ada@people.example',
    `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ada@people.example\n    SMTP error from remote mail server after RCPT TO:<ada@people.example>:\n    host mx.people.example [192.0.2.1]: 550 5.1.1 unknown user\n\n------ This is a copy of the message, including all the headers. ------\n\n${RETURNED}`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Exim of a full mailbox',
    'Subject: Mail delivery failed: returning message to sender',
    `A message that you sent could not be delivered to one or more of its\nrecipients. The following addresses failed:\n\nada@people.example:\n  quota exceeded\n`,
    'soft ada@people.example 5.2.2',
  ],
  [
    'Exim that goes on trying',
    'Subject: Warning: message 1a-b delayed 24 hours\nX-Failed-Recipients: ada@people.example',
    `A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\n  ada@people.example\n    550 unknown user\n\nNo action is required on your part. Delivery attempts will continue.`,
    'soft ada@people.example 4.1.1',
  ],
  [
    'Gmail of old',
    'Subject: Delivery Status Notification (Failure)\nX-Failed-Recipients: ada@people.example',
    `Delivery to the following recipient failed permanently:\n\n     ada@people.example\n\nTechnical details of permanent failure:\nThe error that the other server returned was:\n550 5.2.2 <ada@people.example>... Mailbox Full\n\n----- Original message -----\n\n${RETURNED}`,
    'soft ada@people.example 5.2.2',
  ],
  [
    'Exchange 5.5',
    'Subject: Undeliverable: Hello\nFrom: System Administrator <postmaster@people.example>',
    `Your message\n\n  To:      list@elsewhere.example\n  Subject: Hello\n  Sent:    Fri, 4 Oct 2002 17:10:56 -0400\n\ndid not reach the following recipient(s):\n\nc=US;a= ;p=CORP;o=Site;dda:SMTP=ada@people.example; on Fri, 4 Oct 2002\n    The recipient name is not recognized\n    MSEXCH:IMS:Corp:Site:IMS 0 (000C05A6) Unknown Recipient`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Exchange 2003',
    'Subject: Undeliverable: Hello\nFrom: System Administrator <postmaster@people.example>',
    `Your message did not reach some or all of the intended recipients.\n\nThe following recipient(s) could not be reached:\n\n      ada@people.example on 1/5/2026 9:00 AM\n            The e-mail account does not exist at the organization this message was sent to.\n            < mx.people.example #5.1.1>`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Domino',
    'Subject: DELIVERY FAILURE: User ada (ada@people.example) not listed in Domino Directory',
    `Your message\n\n  Subject: Hello\n\nwas not delivered to:\n\n  ada@people.example\n\nbecause:\n\n  User ada (ada@people.example) not listed in Domino Directory`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'GroupWise',
    'Subject: Message status - undeliverable',
    `The attached file had the following undeliverable recipient(s):\n    ada@people.example\n\nTranscript of session follows:\n550 ada@people.example Mailbox not found`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Sendmail 8',
    'Subject: Returned mail: User unknown',
    `   ----- The following addresses had permanent fatal errors -----\n<ada@people.example>\n\n   ----- Transcript of session follows -----\n... while talking to mx.people.example:\n>>> RCPT To:<ada@people.example>\n<<< 550 5.1.1 <ada@people.example>... User unknown\n`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Yahoo',
    'Subject: Delivery failure\nFrom: MAILER-DAEMON@yahoo.com',
    `Message from yahoo.com.\nUnable to deliver message to the following address(es).\n\n<ada@people.example>:\nSorry your message to ada@people.example cannot be delivered. This account has been disabled or discontinued.\n\n--- Original message follows.`,
    'hard ada@people.example 5.2.1',
  ],
  [
    'AOL of attachments',
    'Subject: Mail Delivery Problem',
    `Your mail to the following recipients could not be delivered because they are not accepting mail with attachments or embedded images:\n\tada`,
    'soft - 5.6.1',
  ],
  [
    'IMail',
    'Subject: Undeliverable Mail\nFrom: "Postmaster" <postmaster@people.example>',
    `Unknown user: ada@people.example\n\nOriginal message follows.\n\n${RETURNED}`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'IMail of a full mailbox',
    'Subject: Undeliverable Mail\nFrom: "Postmaster" <postmaster@people.example>',
    `User mailbox exceeds allowed size: ada@people.example\n\nOriginal message follows.\n\n${RETURNED}`,
    'soft ada@people.example 5.3.4',
  ],
  [
    'KDDI EZweb',
    'Subject: Mail System Error - Returned Mail\nFrom: Postmaster@ezweb.example',
    `Each of the following recipients was rejected by a remote\nmail server.\n\n    Recipient: <ada@people.example>\n    >>> RCPT TO:<ada@people.example>\n    <<< 550 <ada@people.example>: User unknown`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'OpenSMTPD',
    'Subject: Delivery status notification: error',
    `    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nada@people.example: 550 5.1.1 No such mailbox\n\n    Below is a copy of the original message:\n\n${RETURNED}`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'InterScan',
    'Subject: Mail could not be delivered\nFrom: "InterScan MSS" <postmaster@people.example>',
    `Sent <<< RCPT TO:<ada@people.example>\nReceived >>> 550 5.1.1 <ada@people.example>... user unknown\n\nUnable to deliver message to <ada@people.example>`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'MailMarshal',
    'Subject: Undeliverable Mail: "Hello"',
    `Your message:\n   From:    voices@northwind.example\n   Subject: Hello\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    ada@people.example\n`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'McAfee',
    'Subject: Delivery Status',
    `--- The following addresses had delivery problems ---\n\n<ada@people.example>   (User unknown ada@people.example)\n\nYour message could not be delivered.`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'activehunter',
    'Subject: FAILURE NOTICE :',
    `  >>> ada@people.example\n\n550 sorry, no mailbox here by that name (#5.1.1 - chkuser)\n\n  ----- original message -----\n`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Apache James',
    'Subject: Mail delivery failed',
    `Hi. This is the James mail server at mx.people.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up.\n\nMessage details:\n  Subject: Hello\n  RCPT TO: ada@people.example\n\nError message below:\n550 - Requested action not taken: no such user here`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Courier',
    'Subject: NOTICE: mail delivery status.',
    `UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<ada@people.example>:\n    mx.people.example [192.0.2.1]:\n>>> RCPT TO:<ada@people.example>\n<<< 550 5.1.1 User Unknown`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Zoho',
    'Subject: Undelivered Mail Returned to Sender\nFrom: mailer-daemon@mail.zoho.example',
    `A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\nada@people.example\nInvalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <ada@people.example>... User Unknown`,
    'hard ada@people.example 5.1.1',
  ],
  [
    'Symantec',
    'Subject: Delivery failure notification\nFrom: Symantec_AntiVirus@people.example',
    `Your message with Subject: Hello\ncould not be delivered to the following recipients:\n\nada@people.example\n\nPlease do not resend your original message.\n\nDelivery attempts will continue to be made for 5 day(s).`,
    'soft ada@people.example 4.4.7',
  ],
  [
    'a server with a VERP return path only',
    'Subject: Delivery failure\nDelivered-To: voices+ada=people.example@northwind.example',
    'Your mail could not be delivered: mailbox full.',
    'soft ada@people.example 5.2.2',
  ],
];

describe('a report in words alone', () => {
  it.each(ROWS)('of %s is read', (_system, head, body, expected) => {
    expect(shortly(read(notice(head, body)))).toBe(expected);
  });

  it('may be JSON, as Amazon sends it', () => {
    const json = (bounceType: string, status: string, diagnosticCode: string): string => {
      const bouncedRecipients = [
        { emailAddress: 'ada@people.example', action: 'failed', status, diagnosticCode },
      ];
      const text = JSON.stringify({ notificationType: 'Bounce', bounce: { bounceType, bouncedRecipients } });
      return notice(
        'From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message',
        `${text}\n\n--\nIf you wish to stop`,
      );
    };
    expect(shortly(read(json('Permanent', '5.1.1', 'smtp; 550 5.1.1 user unknown')))).toBe(
      'hard ada@people.example 5.1.1',
    );
    expect(shortly(read(json('Transient', '4.4.7', 'smtp; 550 4.4.7 Message expired')))).toBe(
      'soft ada@people.example 4.4.7',
    );
  });

  it('is marked when the server goes on trying', () => {
    const [, head, body] = ROWS.find(([system]) => system === 'Exim that goes on trying')!;
    expect(read(notice(head, body))).toMatchObject({ kind: 'soft', delayed: true });
  });

  it('gives the Message-ID of the mail it quotes, and takes no reason from it', () => {
    const body = `I could not deliver this.\n\n<ada@people.example>:\ngave up\n\n--- Below this line is a copy of the message.\n\n${RETURNED}`;
    const reading = read(notice('Subject: failure notice', body));
    expect(reading).toMatchObject({ kind: 'soft', messageIds: ['id-1@northwind.example'] });
  });
});
