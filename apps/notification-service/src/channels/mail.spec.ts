import { describe, expect, it } from '@jest/globals';
import type { Letter } from '../templates/writer.js';
import { frameOf, inFrame } from './mail.js';
import type { FrameParts, WordedMail } from './mail.js';
import { outcomeOf } from './mailer.js';

const programme = { sender: { name: 'Voices', email: 'voices@northwind.example' } };
const parts: FrameParts & { letter: Letter } = {
  delivery: {
    id: 'd1',
    intentKey: 'run:step:person',
    template: 'invite',
  },
  to: {
    name: 'Anna',
    email: 'anna@people.example',
  },
  letter: {
    locale: 'en',
    subject: 'Hello',
    preview: 'x',
    html: '<p>x</p>',
    text: 'x',
  },
  unsubscribeUrl: 'https://n.example/u/t',
  programme,
  date: new Date('2026-01-05T08:00:00Z'),
};

const composeMail = (given: typeof parts): WordedMail => inFrame(frameOf(given), given.letter);

describe('a mail', () => {
  it('says that it is automatic, how to stop it, and the same Message-ID every time', () => {
    const mail = composeMail(parts);
    expect(mail.messageId).toBe('<d1@northwind.example>');
    expect(mail.headers).toMatchObject({
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': '<https://n.example/u/t>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(JSON.stringify(mail.headers)).not.toContain('run:step:person');
  });

  it.each(['\r\n', '\n', '\r', '\u0000'])('refuses %j in what becomes a header', (bad) => {
    const smuggled = `x${bad}Bcc: victim@people.example`;
    expect(() => composeMail({ ...parts, to: { ...parts.to, name: smuggled } })).toThrow(
      'the name holds a line break',
    );
    expect(() => composeMail({ ...parts, letter: { ...parts.letter, subject: smuggled } })).toThrow(
      'the subject holds a line break',
    );
    expect(() => composeMail({ ...parts, delivery: { ...parts.delivery, template: smuggled } })).toThrow(
      'the template holds a line break',
    );
    expect(() => composeMail({ ...parts, to: { ...parts.to, email: `a@b.example${bad}` } })).toThrow(
      'not a mail address',
    );
  });

  it.each(['anna', 'a@b@c.example', 'a, b@c.example', '<a@b.example>', 'a@b.example,c@d.example', ''])(
    'refuses the address %j',
    (email) => {
      expect(() => composeMail({ ...parts, to: { ...parts.to, email } })).toThrow('not a mail address');
    },
  );
});

describe('a failed attempt', () => {
  const failure = (more: object): Error => Object.assign(new Error('it failed'), more);

  it.each([
    ['a refused recipient', { code: 'EENVELOPE', responseCode: 550 }, false, 'failed'],
    ['a refused content', { code: 'EMESSAGE', responseCode: 554 }, true, 'failed'],
    ['a recipient refused for now', { code: 'EENVELOPE', responseCode: 451 }, false, 'later'],
    ['an envelope nodemailer itself refuses', { code: 'EENVELOPE' }, false, 'failed'],
    ['a wrong password', { code: 'EAUTH', responseCode: 535 }, false, 'later'],
    ['a server that is away', { code: 'ESOCKET' }, false, 'later'],
    ['a timeout before the content', { code: 'ETIMEDOUT' }, false, 'later'],
    ['a connection that broke after the content', { code: 'ECONNECTION' }, true, 'unknown'],
  ])('by %s is judged rightly', (_what, error, contentWent, kind) => {
    expect(outcomeOf(failure(error), contentWent)).toMatchObject({ kind });
  });

  it('gives a reason that can be stored, whatever a server has said', () => {
    const error = failure({
      code: 'EENVELOPE',
      responseCode: 550,
      response: '550 5.1.1\u0000 no\u0007 such user',
    });
    expect(outcomeOf(error, false)).toMatchObject({ reason: 'EENVELOPE: 550 5.1.1 no such user' });
  });

  it('gives a reason without addresses', () => {
    const error = failure({
      code: 'EENVELOPE',
      responseCode: 550,
      response: '550 <anna@people.example>: unknown\r\n in "x@y.example"',
    });
    expect(outcomeOf(error, false)).toEqual({
      kind: 'failed',
      reason: 'EENVELOPE: 550 <(address)>: unknown in "(address)"',
    });
  });
});
