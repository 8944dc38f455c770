import { describe, expect, it } from '@jest/globals';
import { plainText } from './plain-text.js';

function mail(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\r\n'));
}

describe('the plain text of a mail', () => {
  it('is found in a mail of one part, whatever its encoding', () => {
    expect(plainText(mail('Content-Type: text/plain; charset=utf-8', '', 'Łódź'))).toBe('Łódź');
    expect(
      plainText(
        mail(
          'Content-Transfer-Encoding: quoted-printable',
          'Content-Type: text/plain',
          '',
          'do=C5=82=',
          '=C4=85cz',
        ),
      ),
    ).toBe('dołącz');
    expect(
      plainText(
        mail('Content-Type: text/plain', 'Content-Transfer-Encoding: base64', '', 'xbzDs8WC', 'dw=='),
      ),
    ).toBe('żółw');
  });

  it('ends where the next part begins, and takes its own encoding', () => {
    const parts = [
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      'Content-Transfer-Encoding: 7bit',
      '',
      'a=41',
      '--b',
    ];
    expect(
      plainText(
        mail(...parts, 'Content-Type: text/html', 'Content-Transfer-Encoding: base64', '', 'PHA+', '--b--'),
      ),
    ).toBe('a=41');
  });

  it('is empty when there is none', () => {
    expect(plainText(mail('Content-Type: text/html', '', '<p>text</p>'))).toBe('');
    expect(plainText(mail('Content-Type: text/plain'))).toBe('');
  });
});
