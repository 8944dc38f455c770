import { describe, expect, it } from '@jest/globals';
import { targetSchema } from './target.schema.js';

const mistake = (target: object): string | undefined =>
  targetSchema.safeParse(target).error?.issues[0]?.message;

describe('a target', () => {
  it.each([
    [{ teams: ['Sales'], languages: ['it'] }],
    [{ audience: 'person.department == "Sales" || person.location.startsWith("R")' }],
    [{ audience: 'person.seniority in ["manager", "executive"] && person.team != null' }],
  ])('%j is taken', (target) => {
    expect(mistake(target)).toBeUndefined();
  });

  it.each([
    [{}, /^names nobody; name a criterion/],
    [
      { audience: 'person.depratment == "Sales"' },
      /^column 1: unknown field person\.depratment; .*department/,
    ],
    [
      { audience: 'person.team == "Sales" && person.zone == "Europe/Rome"' },
      /^column 27: person\.zone is not known to the library; use person\.id, /,
    ],
    [{ audience: 'event.category == "job"' }, /^column 1: event\.category is not known to the library/],
    [
      { audience: 'person.team' },
      /^column 1: this cannot be asked of all people at once|^column 1: a condition is needed/,
    ],
    [{ audience: 'person.team.matches("^S")' }, /^column 1: /],
    [{ languages: ['Italian'] }, /is not a language such as en/],
  ])('%j is refused, and says where and why', (target, message) => {
    expect(mistake(target)).toMatch(message);
  });
});
