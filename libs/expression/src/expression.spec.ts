import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from './index.js';
import type { Expression, Facts, PersonAttributes, ScopeName } from './index.js';

const ADA: PersonAttributes = {
  id: 'ada',
  seniority: 'executive',
  lead: null,
  active: true,
  participant: true,
  consents: { ranking: true, mail: false },
};
const EVENT = {
  board: 'weekly-company',
  clicks: 3,
  network: null,
  ranking: [
    { personId: 'ada', rank: 1, score: 50.5 },
    { personId: 'bob', rank: 2, score: 20 },
    { personId: 'cyd', rank: 4, score: 1 },
  ],
};
const FACTS: Facts = {
  metric: (person, name, window) =>
    person === 'ada' && name === 'shares' && window === 'last_month' ? 4 : 0,
  impact: (person) =>
    person === 'ada'
      ? { shares: 4, clicks: 9, reach: 100, emv: 12.5, previous: { shares: 1, clicks: 2, reach: 3, emv: 4 } }
      : null,
};

function compiled(source: string, scope: ScopeName = 'workflow', names: string[] = []): Expression {
  const result = compileExpression(source, scope, { names });
  if (!result.ok) throw new Error(`${source}: ${result.error.message}`);
  return result.expression;
}

function value(source: string): unknown {
  const result = compiled(source).evaluate({ event: EVENT, person: ADA, inputs: { limit: 2 } }, FACTS);
  return result.ok ? result.value : result.error;
}

describe('an expression', () => {
  it.each<[string, unknown]>([
    ['event.clicks == 3', true],
    ['event.clicks != 3', false],
    ['3 >= event.clicks', true],
    ['event.clicks * 2 + 1', 7],
    ['event.clicks / 2', 1.5],
    ['7 / 2', 3.5],
    ['event.clicks % 2 == 1', true],
    ['-event.clicks + 1', -2],
    ['event.clicks in [1, 2, 3]', true],
    ['event.clicks <= inputs.limit', false],
    ['size(event.ranking)', 3],
    ['size(event.ranking) == 3 && size(event.ranking) != 4', true],
    ['event.ranking.size() + 1', 4],
    ['{"n": size(event.ranking)}', { n: 3 }],
    ['event.ranking[0].score + 1', 51.5],
    ['event.ranking.filter(r, r.rank <= 3).map(r, r.personId)', ['ada', 'bob']],
    ['event.ranking.exists(r, r.personId == person.id)', true],
    ['event.rankOf(person.id)', 1],
    ['event.rankOf("nobody")', null],
    ['event.rankOf(person.id) <= 3', true],
    ['event.network == null', true],
    ['has(event.missing)', false],
    ['person.lead != null', false],
    ['person.team == null', true],
    ['person.active && person.consents.ranking', true],
    ['person.seniority == "executive" && person.metric("shares", "last_month") > 0', true],
    ['metric("shares", "last_month") == 4', true],
    ['impact(person.id, "last_month").emv', 12.5],
    ['impact("bob", "last_month")', null],
    ['"abc".substring(1)', 'bc'],
  ])('%s', (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  it('says which facts to fetch and which paths it reads', () => {
    const expression = compiled(
      'person.metric("shares", "last_month") > 0 || impact(person.id, "this_week").clicks > metric("shares", "last_month")',
    );
    expect(expression.needs).toEqual([
      { kind: 'metric', name: 'shares', window: 'last_month' },
      { kind: 'impact', window: 'this_week' },
    ]);
    expect(compiled('event.ranking.filter(r, r.rank <= 3)').paths).toEqual(['event.ranking']);
  });

  it('knows the name for_each gives its items', () => {
    const result = compiled('winner.personId', 'workflow', ['winner']).evaluate({
      winner: { personId: 'bob' },
    });
    expect(result).toEqual({ ok: true, value: 'bob' });
  });

  it('is compiled once', () => {
    expect(compiled('event.clicks == 3')).toBe(compiled('event.clicks == 3'));
  });

  it('does not confuse two events', () => {
    const size = compiled('size(event.ranking)');
    expect([size.evaluate({ event: EVENT }), size.evaluate({ event: { ranking: [] } })]).toEqual([
      { ok: true, value: 3 },
      { ok: true, value: 0 },
    ]);
  });

  it.each([
    ['event.missing == 1', 'there is no missing here'],
    ['event.clicks > event.network', 'no such overload: dyn<double> > dyn<null>'],
    ['event.clicks.rankOf("x") == 1', "found no matching overload for 'double.rankOf(string)'"],
  ])('%s fails as a value', (source, error) => {
    expect(value(source)).toBe(error);
  });

  it('says when there is no person', () => {
    expect(compiled('person.active').evaluate({ event: EVENT })).toEqual({
      ok: false,
      error: 'this run has no person to ask',
    });
    expect(compiled('metric("shares", "today") > 0').evaluate({ event: EVENT })).toMatchObject({ ok: false });
  });
});

describe('a wrong expression', () => {
  it.each<[string, string, string | undefined]>([
    ['person.senority == "x"', 'unknown field person.senority', 'did you mean seniority?'],
    ['has(person.senority)', 'unknown field person.senority', 'did you mean seniority?'],
    ['person.consents.rankings', 'unknown field person.consents.rankings', 'did you mean ranking?'],
    ['evnt.clicks == 3', 'unknown name evnt', 'did you mean event? (text stands in quotes)'],
    ['seniority == "executive"', 'unknown name seniority', 'did you mean person.seniority?'],
    ['event.clicks = 3', 'Unexpected character: =', 'to compare write =='],
    ['person.active and event.clicks > 3', 'Unexpected character', 'write && for and, || for or, ! for not'],
    ['person.metrc("shares", "today") > 1', 'metrc', 'did you mean metric?'],
    ['metric("shares") > 1', 'metric', expect.stringContaining('write metric(') as unknown as string],
    [
      'metric(event.name, "today") > 1',
      'must be written out',
      expect.stringContaining('in quotes') as unknown as string,
    ],
    ['"a".matches("(a+)+$")', 'matches() is not available', 'use contains(), startsWith() or endsWith()'],
    [
      'event.a.map(x, event.a.map(y, event.a.map(z, 1)))',
      'loops stand three deep',
      'use at most two in one another',
    ],
    ['person.active > 3', 'no such overload', undefined],
    ['now() > 3', 'now', undefined],
    ['person', 'the whole person cannot be a result', 'name a field, for example person.id'],
    ['', 'the expression is empty', undefined],
  ])('%s', (source, message, mend) => {
    const result = compileExpression(source, 'workflow');
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(message), ...(mend ? { mend } : {}) },
    });
  });

  it('does not give what is asked for', () => {
    expect(compileExpression('size(event.ranking)', 'workflow', { expects: 'bool' })).toMatchObject({
      ok: false,
    });
    expect(compileExpression('person.active', 'audience', { expects: 'list' })).toMatchObject({ ok: false });
    expect(compileExpression('person.active', 'trigger')).toMatchObject({
      ok: false,
      error: { message: 'unknown name person' },
    });
  });

  it('is never an exception, whatever the text', () => {
    const words = fc.constantFrom(
      'event',
      'person',
      '.',
      'x',
      '(',
      ')',
      '[',
      ']',
      '"',
      '1',
      '==',
      '&&',
      'filter',
      ',',
      '!',
      '{',
      '}',
      ' ',
      '?',
      ':',
    );
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 30 }),
        (parts) => typeof compileExpression(parts.join(''), 'workflow').ok === 'boolean',
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => typeof compileExpression(text, 'rule').ok === 'boolean'));
  });
});
