import { describe, expect, it } from '@jest/globals';
import { read, report, shortly } from './samples.support.js';

describe('whom a report is about', () => {
  it.each([
    ['the final recipient', { final: 'rfc822; ada@people.example' }, 'ada@people.example'],
    [
      'the one we wrote to, not the one it was passed on to',
      { final: 'rfc822; ada@home.example', original: 'rfc822;ada@people.example' },
      'ada@people.example',
    ],
    ['an address within angles', { final: 'RFC822; <ada@people.example>' }, 'ada@people.example'],
    [
      'a final recipient without a domain',
      { final: 'rfc822; ada@mailstore', original: 'rfc822; ada@people.example' },
      'ada@people.example',
    ],
    [
      'one in xtext',
      { original: 'rfc822;ada+2Blists@people.example', final: 'x-unknown; 7' },
      'ada+lists@people.example',
    ],
    [
      'one with a subaddress that was never encoded',
      { final: 'rfc822; ada+2024@people.example' },
      'ada+2024@people.example',
    ],
    ['an address in UTF-8', { final: 'utf-8; jürgen@leute.example' }, 'jürgen@leute.example'],
  ])('is %s', (_what, fields, expected) => {
    expect(read(report({ status: '5.1.1', ...fields })).recipient).toBe(expected);
  });

  it('is the first that failed, and all of them are named', () => {
    const more = [
      ['one@people.example', 'delivered', '2.0.0'],
      ['two@people.example', 'delayed', '4.4.1'],
      ['three@people.example', 'failed', '5.2.2'],
      ['four@people.example', 'failed', '5.1.1'],
    ].map(([to, action, status]) => `Final-Recipient: rfc822; ${to}\nAction: ${action}\nStatus: ${status}`);
    const mail = report({}).replace(/Final-Recipient:[^]*?\n\n/, `${more.join('\n\n')}\n\n`);
    const { recipients, ...reading } = read(mail);
    expect(shortly({ ...reading, recipients })).toBe('soft three@people.example 5.2.2');
    expect(recipients).toEqual(['three@people.example', 'four@people.example']);
  });

  it('is told with the Message-ID of the returned mail', () => {
    expect(read(report({ status: '5.1.1' })).messageIds).toEqual([
      '0190aaaa-bbbb-8ccc-8ddd-eeeeffff0001@northwind.example',
    ]);
  });
});
