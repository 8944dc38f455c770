import { describe, expect, it } from '@jest/globals';
import { ADDRESS, notice, read, report } from './samples.support.js';

const person = (head: string, body: string): string => notice(`From: Ada <${ADDRESS}>\n${head}`, body);

describe('a mail that reached somebody', () => {
  it.each(['delivered', 'relayed', 'expanded'])('is no bounce when the report says %s', (action) => {
    const reading = read(report({ action, status: '2.0.0', diagnostic: 'smtp; 250 ok' }));
    expect(reading).toMatchObject({ kind: 'other', recipient: ADDRESS });
  });

  it('is soft as long as the server goes on trying, whatever it says of the user', () => {
    const delayed = report({
      action: 'delayed',
      status: '5.1.1',
      diagnostic: 'smtp; 550 5.1.1 User unknown',
    });
    expect(read(delayed)).toMatchObject({ kind: 'soft', status: '4.1.1', delayed: true });
  });
});

describe('an automatic reply', () => {
  it.each([
    'Out of Office: Hello',
    'Automatic reply: Hello',
    'Auto: I am on leave',
    'Automatische Antwort: Hallo',
    'Abwesenheitsnotiz: Hallo',
    'Réponse automatique : Bonjour',
    'Risposta automatica: Ciao',
    'Fuori ufficio',
    'Odpowiedź automatyczna: Cześć',
    '=?UTF-8?B?UG96YSBiaXVyZW0=?=',
    'Balasan automatik: Hai',
    'Di luar pejabat',
    'Respuesta automática: Hola',
    'Resposta automática: Olá',
    'Automatisch antwoord: Hallo',
    'Autosvar: Hej',
    'Автоматический ответ: привет',
    '自動応答: 不在です',
    '自动回复: 您好',
    'Re: Hello (Automatic Response)',
  ])('is known by its subject %s', (subject) => {
    const body = 'I am away. The mailbox ada@old.example does not exist any more, user unknown.';
    expect(read(person(`Return-Path: <>\nSubject: ${subject}`, body)).kind).toBe('auto-reply');
  });

  it.each([
    'Auto-Submitted: auto-replied',
    'X-Autoreply: yes',
    'Precedence: auto_reply',
    'X-Autorespond: Hello',
  ])('is known by %s', (mark) => {
    expect(read(person(`Subject: Re: Hello\n${mark}`, 'I am away.'))).toMatchObject({
      kind: 'auto-reply',
      recipient: ADDRESS,
    });
  });

  it('may ask for a proof of being a person', () => {
    const body =
      'This account is protected. Please click on the\nfollowing link to have your address added to the list.';
    expect(read(person('Subject: RE: Hello', body)).kind).toBe('auto-reply');
  });

  it('may be a receipt', () => {
    const type = 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b';
    const body =
      '--b\n\nYour message was read.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ada@people.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--';
    expect(read(person(`Subject: Read: Hello\n${type}`, body)).kind).toBe('auto-reply');
  });
});

describe('a complaint', () => {
  const arf = (type: string): string =>
    notice(
      'From: fbl@provider.example\nSubject: FW: Hello\nContent-Type: multipart/report; report-type=feedback-report; boundary=b',
      `--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: ${type}\nVersion: 1\nOriginal-Rcpt-To: <ada@people.example>\n--b\nContent-Type: message/rfc822\n\nTo: x@y.example\nMessage-ID: <id-1@northwind.example>\n\nHi\n--b--`,
    );

  it('is a report by a reader, with whom it is from and about which mail', () => {
    expect(read(arf('abuse'))).toMatchObject({
      kind: 'complaint',
      recipient: ADDRESS,
      messageIds: ['id-1@northwind.example'],
    });
  });

  it.each(['not-spam', 'auth-failure', 'dmarc'])('is not what a machine reports (%s)', (type) => {
    expect(read(arf(type)).kind).toBe('other');
  });

  it('is JSON at Amazon', () => {
    const told = {
      notificationType: 'Complaint',
      complaint: { complainedRecipients: [{ emailAddress: ADDRESS }] },
    };
    const mail = notice(
      'From: SES <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message',
      JSON.stringify(told),
    );
    expect(read(mail)).toMatchObject({ kind: 'complaint', recipient: ADDRESS });
  });

  it('has another form at Microsoft', () => {
    const mail = notice(
      'From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b',
      '--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: ada@people.example\nTo: list@northwind.example\n\nHi\n--b--',
    );
    expect(read(mail)).toMatchObject({ kind: 'complaint', recipient: ADDRESS });
  });
});

describe('an ordinary mail', () => {
  it.each([
    [
      'a question about a bounce',
      'Subject: mail returned?',
      'My mail to bob@people.example came back yesterday: 550 5.1.1 user unknown.\nWhat do I do?',
    ],
    ['a forwarded bounce', 'Subject: Fwd: Undelivered Mail Returned to Sender', report({ status: '5.1.1' })],
    [
      'an answer to a bounce',
      'Subject: Re: failure notice',
      '> <bob@people.example>:\n> Sorry, no mailbox here by that name. (#5.1.1)\n\nHe left.',
    ],
    [
      'a mail of a list',
      'Subject: [admins] user unknown in local recipient table\nList-Id: <admins.example>',
      'See the log: 550 5.1.1 <bob@people.example> User unknown',
    ],
    ['a bill', 'Subject: Invoice 550', 'Your address does not exist in our database.'],
    [
      'an advertisement',
      'Subject: Delivery within 24 hours!',
      'Free returns. Unsubscribe here: mailto:no@ads.example',
    ],
    ['a mail without anything', '', ''],
  ])('such as %s is never hard', (_what, head, body) => {
    expect(read(person(head, body)).kind).toBe('other');
  });

  it('is not hard either when it tells of a bounce in the words of one', () => {
    const body =
      'My mail could not be delivered to the following address:\n\nbob@people.example\n550 5.1.1 user unknown';
    expect(read(person('Subject: Undeliverable mail', body)).kind).not.toBe('hard');
  });

  it('may come from a postmaster', () => {
    const mail = notice(
      'From: postmaster@people.example\nReturn-Path: <>\nSubject: Your weekly summary of held mails',
      'Nothing was held. Is a user unknown to you? Write to help@people.example.',
    );
    expect(read(mail).kind).toBe('other');
  });

  it('is not taken for a report because it carries one', () => {
    const attached = `--b\nContent-Type: text/plain\n\nLook at this.\n--b\nContent-Type: message/rfc822\n\n${report({ status: '5.1.1' })}\n--b--`;
    const mail = person('Subject: Look\nContent-Type: multipart/mixed; boundary=b', attached);
    expect(read(mail).kind).toBe('other');
  });
});
