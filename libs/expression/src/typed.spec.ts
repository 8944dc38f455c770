import { describe, expect, it } from '@jest/globals';
import { compileExpression, itemOf, shapeOf, unionOf } from './index.js';
import type { Shape } from './index.js';

const PLACE: Shape = { fields: { personId: 'string', rank: 'double' } };
const EVENT: Shape = {
  fields: { type: 'string', board: 'string', ranking: { list: PLACE }, network: 'dyn', data: { map: 'dyn' } },
};
const shapes = {
  event: EVENT,
  inputs: { fields: { limit: 'double', label: 'string' } },
  vars: { fields: { approval: 'dyn', 'two-words': 'dyn' } },
} as const;

const compile = (source: string) => compileExpression(source, 'workflow', { shapes });

describe('an expression over values of a known shape', () => {
  it.each([
    'event.board == "weekly"',
    'event.network == null || event.network == 3',
    'event.ranking.filter(r, r.rank <= inputs.limit)',
    'event.ranking.exists(r, r.personId == person.id && r.rank < 4)',
    'event.rankOf(person.id) <= 3',
    'event["board"] == inputs.label',
    'has(event.network)',
    'event.data.anything.at_all == 3',
    'vars.approval != null && vars.approval.answer == "approve"',
    'vars["two-words"] == 1',
    'size(event.ranking) > 2 ? event.board : inputs.label',
    'run.anything == 1',
  ])('%s is sound', (source) => {
    expect(compile(source)).toMatchObject({ ok: true });
  });

  it.each<[string, string, string]>([
    ['event.boad == "weekly"', 'unknown field event.boad', 'did you mean board?'],
    ['has(event.boad)', 'unknown field event.boad', 'did you mean board?'],
    ['event.ranking.filter(r, r.rnk <= 3)', 'unknown field rnk', 'did you mean rank?'],
    ['event.ranking[0].persnId', 'unknown field persnId', 'did you mean personId?'],
    ['event["boad"] == "weekly"', 'unknown field boad', 'did you mean board?'],
    ['event.board == 3', 'string == double', 'compare things of the same kind'],
    ['event.ranking.all(r, r.rank == "first")', 'double == string', 'compare things of the same kind'],
    ['event.board in [1, 2]', 'string in list<double>', 'compare things of the same kind'],
    ['event.board != null', 'string != null', 'this is never empty'],
    ['inputs.limt > 3', 'unknown field inputs.limt', 'did you mean limit?'],
    ['inputs.label > 3', 'string > double', 'compare things of the same kind'],
    ['vars.aproval == null', 'unknown field vars.aproval', 'did you mean approval?'],
  ])('%s is refused', (source, message, mend) => {
    expect(compile(source)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(message), mend: expect.stringContaining(mend) },
    });
  });

  it('asks a board only of an event that has one', () => {
    const withoutBoard = { event: { fields: { type: 'string' } } } as const;
    expect(
      compileExpression('event.rankOf(person.id) == 1', 'workflow', { shapes: withoutBoard }),
    ).toMatchObject({
      ok: false,
    });
  });

  it('tells the shape of its result, so that a loop knows its items', () => {
    const result = compile('event.ranking.filter(r, r.rank <= 3)');
    expect(result.ok && itemOf(result.shape)).toEqual(PLACE);
    const item = { shapes: { winner: PLACE }, names: ['winner'] };
    expect(compileExpression('winner.personId', 'workflow', item)).toMatchObject({
      ok: true,
      shape: 'string',
    });
    expect(compileExpression('winner.persnId', 'workflow', item)).toMatchObject({
      ok: false,
      error: { mend: 'did you mean personId?' },
    });
  });

  it('evaluates leniently, because what was told long ago may look otherwise', () => {
    const result = compile('event.board.startsWith("week")');
    expect(result.ok && result.expression.evaluate({ event: { board: 7 } })).toMatchObject({ ok: false });
    expect(result.ok && result.expression.evaluate({ event: { board: 'weekly' } })).toEqual({
      ok: true,
      value: true,
    });
  });
});

describe('a shape', () => {
  it('is read from a JSON Schema, and anything that may be missing or null is left open', () => {
    expect(
      shapeOf({
        type: 'object',
        required: ['id', 'at', 'people', 'tags'],
        properties: {
          id: { type: 'string' },
          at: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          note: { type: 'string' },
          people: {
            type: 'array',
            items: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
          },
          tags: { type: 'object', additionalProperties: { type: 'boolean' } },
        },
      }),
    ).toEqual({
      fields: {
        id: 'string',
        at: 'dyn',
        note: 'dyn',
        people: { list: { fields: { n: 'double' } } },
        tags: { map: 'bool' },
      },
    });
  });

  it('of several is what they have in common, and everything else is left open', () => {
    const one: Shape = { fields: { personId: 'string', network: 'string', n: 'double' } };
    const two: Shape = { fields: { personId: 'string', network: 'dyn' } };
    expect(unionOf([one, two])).toEqual({ fields: { personId: 'string', network: 'dyn', n: 'dyn' } });
    expect(unionOf([one])).toEqual(one);
    expect(unionOf([one, 'dyn'])).toBe('dyn');
    expect(unionOf([])).toBe('dyn');
  });
});
