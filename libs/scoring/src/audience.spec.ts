import { describe, expect, it } from '@jest/globals';
import { audienceProblem } from './index.js';

describe('who is on a board', () => {
  it.each([
    'person.department == "Sales"',
    'person.active && person.team in ["Red", "Blue"]',
    '!person.participant || person.consents.mail',
  ])('can be said by %s', (audience) => {
    expect(audienceProblem(audience)).toBeNull();
  });

  it.each(['person.department ==', 'person.shoe == 1', 'person.team', 'person.paused'])(
    'cannot be said by %s',
    (audience) => {
      expect(audienceProblem(audience)).not.toBeNull();
    },
  );
});
