import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readBounce } from './read.js';
import { ADDRESS, notice, read, report, shortly } from './samples.support.js';

const hard = report({ status: '5.1.1', diagnostic: 'smtp; 550 5.1.1 User unknown' });
const HARD = `hard ${ADDRESS} 5.1.1`;
const STATUS_PART = /(Content-Type: message\/delivery-status\n)\n([^]*?)\n(?=--=_b)/;
const encoded = (encoding: string, encode: (text: string) => string): string =>
  hard.replace(
    STATUS_PART,
    (_, head: string, body: string) => `${head}Content-Transfer-Encoding: ${encoding}\n\n${encode(body)}\n`,
  );
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a report that is damaged', () => {
  it.each([
    ['has CRLF', hard.replaceAll('\n', '\r\n')],
    ['has CR alone', hard.replaceAll('\n', '\r')],
    ['comes from an mbox', `From MAILER-DAEMON Mon Jan  5 09:00:00 2026\n${hard}`],
    ['begins with empty lines', `\n\n${hard}`],
    ['has its fields in base64', encoded('base64', (text) => btoa(text))],
    [
      'has its fields in quoted-printable',
      encoded('quoted-printable', (text) => text.replaceAll('a', '=61').replaceAll(': ', '=3A=\n ')),
    ],
    ['calls its fields text', hard.replace('message/delivery-status', 'text/plain')],
    ['lost the boundary parameter', hard.replace('; boundary="=_b/1"', '')],
    ['names another boundary', hard.replace('boundary="=_b/1"', 'boundary="other"')],
    ['lost its Content-Type', hard.replace(/Content-Type: multipart[^\n]*\n/, '')],
    ['lost its closing boundary', hard.replace('--=_b/1--', '')],
    ['lost the empty lines between its fields', hard.replace(/(Arrival-Date[^\n]*\n)\n/, '$1')],
    ['ends after its fields', hard.slice(0, hard.indexOf('--=_b/1\nContent-Type: message/rfc822'))],
    [
      'writes its fields in capitals',
      hard.replace('Final-Recipient', 'FINAL-RECIPIENT').replace('Status:', 'STATUS :'),
    ],
  ])('is read when it %s', (_what, mail) => {
    expect(shortly(read(mail))).toBe(HARD);
  });

  it('keeps the blank before a line that goes on', () => {
    const mail = encoded('quoted-printable', (text) => text.replaceAll('User unknown', 'User =  \nunknown'));
    expect(read(mail).reason).toBe('550 5.1.1 User unknown');
  });

  it('is read in the charsets of the world', () => {
    // 無法投遞 … in raw GB2312, as Sina writes it.
    const head = bytes(
      'From: MAILER-DAEMON@sina.example\nTo: voices@northwind.example\nSubject: failure notice\nContent-Type: text/plain; charset=gb2312\n\n',
    );
    const gb2312 = Uint8Array.from([0xce, 0xde, 0xb7, 0xa8, 0xcd, 0xb6, 0xb5, 0xdd, 0x0a]);
    const tail = bytes('<ada@people.example>:\n550 user unknown\n');
    const mail = Uint8Array.from([...head, ...gb2312, ...tail]);
    expect(shortly(readBounce(mail))).toBe(HARD);
    expect(new TextDecoder('gb2312').decode(gb2312)).toContain('无法投递');
  });

  it('keeps a reason in ISO-2022-JP readable', () => {
    const body = '\u001b$B%f!<%6!<$,B8:_$7$^$;$s\u001b(B';
    const mail = notice(
      'Subject: failure notice\nContent-Type: text/plain; charset=ISO-2022-JP',
      `<ada@people.example>:\n${body}\n`,
    );
    expect(read(mail).reason).toBe('ユーザーが存在しません');
  });
});

describe('whatever comes', () => {
  const HARMLESS = [
    report({ action: 'delayed', status: '4.4.1', diagnostic: 'smtp; 451 timeout' }),
    report({ action: 'delivered', status: '2.0.0' }),
    notice(`From: Ada <${ADDRESS}>\nSubject: Automatic reply: Hello`, 'I am away.'),
    notice(`From: Ada <${ADDRESS}>\nSubject: Lunch`, 'At noon?'),
  ].map((mail) =>
    mail.replace('User unknown, mailbox full, spam', 'Hello').replace(/Nobody reads[^\n]*/, 'Hello'),
  );

  it('never throws, and answers with one line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000 }), (noise) => {
        const { kind, reason } = readBounce(noise);
        expect(['other', 'auto-reply', 'soft']).toContain(kind);
        expect(reason).not.toContain('\n');
      }),
    );
  });

  it('never turns a mail that is no bounce into a hard one by cutting it or changing bytes of it', () => {
    const cut = fc.record({
      mail: fc.constantFrom(...HARMLESS),
      length: fc.nat({ max: 2_000 }),
      changes: fc.array(fc.tuple(fc.nat({ max: 2_000 }), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(cut, ({ mail, length, changes }) => {
        const damaged = bytes(mail).slice(0, Math.max(1, length));
        for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
        expect(readBounce(damaged).kind).not.toBe('hard');
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['boundaries', '--b\n'.repeat(200_000)],
    [
      'nested multiparts',
      Array.from(
        { length: 5_000 },
        (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
      ).join(''),
    ],
    ['addresses', 'a@b.example '.repeat(100_000)],
    ['dots and ats', `${'a.'.repeat(100_000)}@${'b.'.repeat(100_000)}`],
    ['words of bounces', 'user mailbox address is not exceeded delivery of the '.repeat(20_000)],
    ['spaces', `<ada@people.example>:${' '.repeat(1_000_000)}x`],
    ['one long header', `X: ${'=?utf-8?q?a?= '.repeat(100_000)}`],
    ['recipients', 'Final-Recipient: rfc822; a@b.example\nAction: failed\n\n'.repeat(20_000)],
    ['HTML', '<div>'.repeat(100_000)],
    ['blanks', ' '.repeat(2_000_000)],
    ['signs and blanks', `=${' '.repeat(1_000)}`.repeat(2_000)],
  ])('is read in no time when it is full of %s', (_what, text) => {
    const heads = [
      'text/plain',
      'text/html',
      'multipart/report; report-type=delivery-status; boundary=b',
      'message/delivery-status',
    ];
    for (const type of heads.flatMap((head) => [
      head,
      `${head}\nContent-Transfer-Encoding: quoted-printable`,
    ])) {
      const mail = bytes(notice(`Subject: failure notice\nReturn-Path: <>\nContent-Type: ${type}`, text));
      // Time of this process: the machine may be busy with something else.
      const started = process.cpuUsage();
      readBounce(mail);
      expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
    }
  });
});
