import { describe, expect, it } from '@jest/globals';
import { decodeWords, readHeaders } from './header.js';

function mail(...lines: string[]): Buffer {
  return Buffer.from([...lines, '', 'Subject: not this one'].join('\r\n'));
}

describe('the headers of a caught mail', () => {
  it('are read from the head alone, unfolded, by whatever case', () => {
    const headers = readHeaders(
      mail('SUBJECT: Seven', '  swans', 'To: ann@example.com', 'x-laurel-template: badge'),
    );
    expect(headers).toEqual({
      subject: 'Seven swans',
      to: 'ann@example.com',
      template: 'badge',
      from: '',
      date: '',
      messageId: '',
    });
  });

  it('of a repeated header the first counts', () => {
    expect(readHeaders(mail('Subject: one', 'Subject: two')).subject).toBe('one');
  });

  it.each([
    ['=?UTF-8?Q?Zaproszenie_=E2=80=93_do=C5=82=C4=85cz?=', 'Zaproszenie – dołącz'],
    ['=?utf-8?B?xYHDs2TFug==?= =?utf-8?B?IMW8w7PFgnc=?=', 'Łódź żółw'],
    ['=?iso-8859-2?Q?=A3=F3d=BC?=', 'Łódź'],
    ['=?no-such-charset?Q?a=62c?=', 'abc'],
    ['plain, and 1 =? 2', 'plain, and 1 =? 2'],
  ])('%s is decoded', (raw, plain) => {
    expect(decodeWords(raw)).toBe(plain);
  });

  it('a mail of nothing has empty ones', () => {
    expect(readHeaders(Buffer.from('')).subject).toBe('');
  });
});
